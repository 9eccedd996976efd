import { spawnSync } from "node:child_process";
import t from "tap";
import { exposition } from "../../../daemon/metrics/exposition.ts";
import { LiveMetrics, type Moment } from "../../../daemon/metrics/live-metrics.ts";
import { EventLog, type RunEventBody } from "../../../daemon/record/events.ts";
import { view } from "../record/interval.ts";
import { runDocument } from "../record/run-document.ts";

const quiet: Moment = { active: null, faults: [], alerts: [], pending: [] };

/** The metrics after these events of one run, as a map from sample to value. */
function metered() {
	const metrics = new LiveMetrics();
	const run = () => {
		const events = new EventLog({ nowMs: () => 0, keep: () => {} });
		metrics.follow({ id: "r", document: runDocument({ scenario: "echo" }), events });
		return (...bodies: RunEventBody[]) => bodies.forEach((body) => void events.emit(body));
	};
	const samples = (moment: Partial<Moment> = {}) =>
		Object.fromEntries(
			metrics
				.text({ ...quiet, ...moment })
				.split("\n")
				.filter((line) => line !== "" && !line.startsWith("#"))
				.map((line) => [line.replace(/ \S+$/, ""), Number(/\S+$/.exec(line)?.[0])]),
		);
	return { run, samples, metrics };
}

const one = view(0, {
	dueCount: 10,
	okCount: 7,
	failCount: 2,
	unknownCount: 1,
	responseP50Ms: 4,
	responseP99Ms: 90,
	inFlight: 3,
	waiting: 2,
});
const interval = { type: "interval", interval: one } as const;

t.test("counters go on over runs; what a load shows is gone with it", (t) => {
	const { run, samples } = metered();
	const first = run();
	first(interval, interval, { type: "gauge", gauge: "lag", value: 12, case: null });
	t.match(samples(), {
		'faultline_load_due_total{scenario="echo",load="orders"}': 20,
		'faultline_load_operations_total{scenario="echo",load="orders",outcome="ok"}': 14,
		'faultline_load_operations_total{scenario="echo",load="orders",outcome="unknown"}': 2,
		'faultline_load_response_seconds{scenario="echo",load="orders",quantile="0.99"}': 0.09,
		'faultline_load_in_flight{scenario="echo",load="orders"}': 3,
		'faultline_load_waiting{scenario="echo",load="orders"}': 2,
		'faultline_scenario_value{scenario="echo",gauge="lag"}': 12,
	});
	first(
		{ type: "state", state: "verifying", case: null },
		{ type: "end", state: "done", verdict: "passed", reasons: [] },
	);
	t.same(
		Object.keys(samples()).filter((name) => /response|flight|waiting|value/.test(name)),
		[],
	);
	run()(interval);
	t.match(samples(), {
		'faultline_load_due_total{scenario="echo",load="orders"}': 30,
		'faultline_runs_total{scenario="echo",verdict="passed"}': 1,
	});
	t.end();
});

t.test("what does not exist is absent, never 0", (t) => {
	const { run, samples } = metered();
	run()(
		{ type: "interval", interval: view(0) },
		{ type: "gauge", gauge: "lag", value: null, case: null },
	);
	const names = Object.keys(samples());
	t.same(
		names.filter((name) => /response_seconds|scenario_value/.test(name)),
		[],
	);
	t.equal(samples().faultline_run_active, 0);
	t.end();
});

t.test("faults in force and alerts are counted by their labels", (t) => {
	const { samples } = metered();
	const active = { id: "r", document: runDocument({ state: "faulting" }) };
	const faults = [
		{ kind: "latency", on: "db" },
		{ kind: "latency", on: "db" },
	] as unknown as Moment["faults"];
	const firing = { rule: "few", origin: "plan", state: "firing", acknowledgedAt: null } as const;
	const alerts = [firing, { ...firing, state: "resolved" } as const];
	t.same(samples({ active, faults, alerts, pending: [{ rule: "slow" }] }), {
		faultline_run_active: 1,
		'faultline_run_state{scenario="echo",run="20260101T000000Z-echo-0001",state="faulting"}': 1,
		'faultline_faults_in_force{kind="latency",on="db"}': 2,
		'faultline_alerts{rule="slow",origin="plan",state="pending"}': 1,
		'faultline_alerts{rule="few",origin="plan",state="firing",acknowledged="no"}': 1,
	});
	t.end();
});

t.test("names from outside can't break the format", (t) => {
	const text = exposition([
		{ name: "a", type: "gauge", help: "A.", samples: [{ labels: { b: 'x"\\\n' }, value: 1.5 }] },
		{ name: "none", type: "gauge", help: "None.", samples: [] },
	]);
	t.equal(text, '# HELP a A.\n# TYPE a gauge\na{b="x\\"\\\\\\n"} 1.5\n');
	t.end();
});

const promtool = spawnSync("promtool", ["--version"]).status === 0;
t.test("Prometheus's own checker takes it", { skip: !promtool && "promtool is not here" }, (t) => {
	const { run, metrics } = metered();
	run()(interval, { type: "gauge", gauge: "lag", value: 12, case: null });
	const text = metrics.text({ ...quiet, pending: [{ rule: 'a "b"\\' }] });
	const { status, stderr } = spawnSync("promtool", ["check", "metrics"], { input: text });
	t.equal(status, 0, stderr.toString());
	t.end();
});
