import t from "tap";
import type { RunEventBody } from "../../../daemon/record/events.ts";
import { alertDesk, zeroAtMs } from "./desk-rig.ts";

const at = (ms: number) => new Date(zeroAtMs + ms).toISOString();
const plan = (rule: string, change: "fired" | "resolved", caseId: string | null = null) =>
	({ type: "alert", rule, change, case: caseId, origin: "plan" }) satisfies RunEventBody;

function following() {
	const rig = alertDesk();
	rig.runs.active = rig.run;
	rig.desk.follow(rig.run);
	const emit = (ms: number, body: RunEventBody) => {
		rig.time.ms = ms;
		rig.run.events.emit(body);
	};
	return { ...rig, emit };
}

t.test("alerts of a plan are listed newest first, and told as they change", async (t) => {
	const { desk, emit, told, run } = following();
	run.pendingAlerts.push("slow");
	emit(1_000, plan("few", "fired"));
	emit(2_000, plan("slow", "fired"));
	emit(3_000, plan("few", "resolved"));
	t.match(desk.alerts, [
		{ rule: "slow", state: "firing", startedAt: at(2_000), endedAt: null, runId: "run-1" },
		{ rule: "few", state: "resolved", startedAt: at(1_000), endedAt: at(3_000), origin: "plan" },
	]);
	t.same(desk.pending, [{ rule: "slow", runId: "run-1" }]);
	emit(4_000, { type: "state", state: "recovering", case: null });
	t.match(desk.alerts, [{ rule: "slow", state: "firing" }], "its load still runs");
	emit(5_000, { type: "state", state: "verifying", case: null });
	t.match(desk.alerts, [{ rule: "slow", state: "ended", endedAt: at(5_000) }]);
	await desk.close(1_000);
	t.match(told, [
		{ rule: "few", change: "fired", runId: "run-1", scenario: "echo", endedAt: null },
		{ rule: "slow", change: "fired" },
		{ rule: "few", change: "resolved", startedAt: at(1_000), endedAt: at(3_000) },
		{ rule: "slow", change: "ended" },
	]);
	t.match(desk.sinks, [{ kind: "webhook", target: "http://hooks", sentCount: 4, droppedCount: 0 }]);
});

t.test("a rule that fires in two cases is two alerts", (t) => {
	const { desk, emit } = following();
	emit(1_000, plan("few", "fired", "a"));
	emit(1_500, { type: "state", state: "verifying", case: "a" });
	emit(3_000, plan("few", "fired", "b"));
	emit(4_000, plan("few", "resolved", "b"));
	t.match(desk.alerts, [
		{ case: "b", state: "resolved" },
		{ case: "a", state: "ended" },
	]);
	t.end();
});

t.test("the first acknowledgement counts, with the time until it", (t) => {
	const { desk, emit, acknowledged, time } = following();
	emit(1_000, plan("few", "fired", "a"));
	const { id } = desk.alerts[0]!;
	time.ms = 4_500;
	t.match(desk.acknowledge(id, "ana"), { acknowledgedBy: "ana", timeToAcknowledgeMs: 3_500 });
	time.ms = 9_000;
	t.match(desk.acknowledge(id, "bob"), { acknowledgedBy: "ana", timeToAcknowledgeMs: 3_500 });
	t.same(acknowledged, [
		{ runId: "run-1", by: "ana", rule: "few", origin: "plan", case: "a", firedByMs: 1_000 },
	]);
	t.throws(() => desk.acknowledge("alert-none", "ana"), { code: "FLT_NOT_FOUND" });
	t.end();
});

t.test("alerts from outside are listed and in the run's events, and not told to the sinks", (t) => {
	const { desk, run, runs, time, told, received } = following();
	const heard: object[] = [];
	run.events.follow(0, (event) => heard.push(event));
	time.ms = 2_000;
	const labels = { alertname: "Slow", job: "db" };
	desk.receive([{ labels, startsAt: at(1_900), endsAt: at(8_000) }]);
	desk.receive([{ labels, startsAt: at(1_900), endsAt: at(8_000) }]);
	t.match(desk.alerts, [
		{
			rule: "Slow",
			origin: "received",
			labels,
			state: "firing",
			startedAt: at(1_900),
			runId: "run-1",
		},
	]);
	t.equal(desk.alerts.length, 1, "a repeat is none");
	desk.acknowledge(desk.alerts[0]!.id, "ana");
	t.equal(received.firings[0]?.acknowledgedAtMs, zeroAtMs + 2_000);
	time.ms = 8_500;
	t.match(desk.alerts, [{ state: "resolved", endedAt: at(8_000) }], "not repeated in time");
	t.match(heard, [
		{ rule: "Slow", change: "fired", origin: "received" },
		{ rule: "Slow", change: "resolved", origin: "received" },
	]);
	t.same(told, []);
	runs.active = null;
	desk.receive([{ labels }]);
	t.match(desk.alerts, [{ runId: null, state: "firing" }], "while no run is active");
	t.end();
});

t.test("the list is bounded, and what fires stays in it", (t) => {
	const { desk, emit } = following();
	emit(0, plan("stays", "fired"));
	for (let i = 0; i < 600; i++) {
		emit(i, plan("flaps", "fired"));
		emit(i, plan("flaps", "resolved"));
	}
	t.equal(desk.alerts.length, 500);
	t.match(desk.alerts.at(-1), { rule: "stays", state: "firing" });
	t.end();
});

t.test("a sink that is away is neither listed nor told, and nothing waits for it", async (t) => {
	const { desk, emit, told, sink } = following();
	sink.isThere = () => false;
	emit(1_000, plan("slow", "fired"));
	t.same(desk.sinks, []);
	sink.isThere = () => true;
	emit(2_000, plan("few", "fired"));
	await desk.close(1_000);
	t.match(
		told.map(({ rule }) => rule),
		["few"],
	);
	t.match(desk.sinks, [{ sentCount: 1, droppedCount: 0 }]);
});
