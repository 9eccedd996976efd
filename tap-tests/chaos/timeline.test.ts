import t from "tap";
import { pause } from "../../base/clock.ts";
import { identifySelf } from "../../base/process.ts";
import type { FaultSpec } from "../../chaos/fault.ts";
import { subjectSteps } from "../../chaos/subject/steps.ts";
import { Timeline } from "../../chaos/timeline.ts";
import { rig } from "./fake-target.ts";

const hour = 3_600_000;
const fault = (kind: "down" | "timeout", fromMs: number, toMs: number, on = "db"): FaultSpec => ({
	kind,
	on,
	params: {},
	fromMs,
	toMs,
});
const kindsOf = (calls: string[]) =>
	calls.filter((call) => !call.includes("upstream") && call !== "remove -1");

t.test("faults come and go at their instants, each on its own", async (t) => {
	const { context, toxiproxy, ledger } = rig(t);
	// The end of the first is put off while it is being proved, and still comes long before the other's.
	const specs = [fault("timeout", 30, 60), fault("down", 0, 700)];
	await new Timeline(context, specs, 0).run(context.nowMs());
	t.same(kindsOf(toxiproxy.calls), ["disable", "add timeout downstream", "remove -0", "enable"]);
	t.same(ledger.pending, []);
});

t.test("each is planned, and in the ledger, ahead of its instant", async (t) => {
	const { context, toxiproxy, ledger } = rig(t);
	const told: number[][] = [];
	const onChange: typeof context.onChange = ({ plannedFromMs, plannedToMs, state }) => {
		if (state === "planned") told.push([plannedFromMs, plannedToMs]);
	};
	// `faulting` begins in a while: near enough to plan for, too far to break anything yet.
	const faultingFromMs = context.nowMs() + 100;
	const specs = [fault("down", 20, 40), fault("timeout", hour, hour + 1)];
	const timeline = new Timeline({ ...context, onChange }, specs, faultingFromMs);
	const over = timeline.run(faultingFromMs);
	while (ledger.pending.length === 0) await pause(1);
	t.same(toxiproxy.calls, []);
	t.same(
		told,
		[[faultingFromMs + 20, faultingFromMs + 40]],
		"in the run's time; the other has time",
	);
	await timeline.healAll();
	await over;
	t.same(ledger.pending, []);
});

t.test(
	"one that strikes at a step lasts from there, and puts off what was to come after it",
	async (t) => {
		const { context, process, controls, toxiproxy } = rig(t);
		process.identity = identifySelf();
		const told: string[] = [];
		const times: Record<string, [plannedMs: number, injectedMs: number, healedMs: number]> = {};
		const onChange: typeof context.onChange = (fault) => {
			const { kind, state, plannedFromMs, injectedMs, healedMs } = fault;
			told.push(`${kind} ${state}`);
			if (state === "healed") times[kind] = [plannedFromMs, injectedMs!, healedMs!];
		};
		const at = { subject: "worker", step: "before-commit" };
		const specs = [
			fault("timeout", 70, 90),
			{ ...fault("down", 0, 30), at },
			{ ...fault("latency" as "down", 20, 60), params: { latencyMs: 1 } } as FaultSpec,
		];
		const zeroMs = context.nowMs();
		const over = new Timeline({ ...context, onChange }, specs, 0).run(zeroMs);
		while (!told.some((what) => what.startsWith("latency") && what !== "latency planned"))
			await pause(1);
		await pause(100);
		t.notOk(toxiproxy.calls.includes("disable"), "the subject has not come to its step");
		t.notOk(told.includes("timeout planned"), "and what was to come after that waits");
		const reachedMs = context.nowMs();
		await subjectSteps(controls).reach("before-commit");
		await over;
		const [, struckMs, healedMs] = times.down!;
		t.ok(struckMs >= reachedMs && healedMs - struckMs >= 28, "as long as it was to last");
		const [plannedMs, injectedMs] = times.timeout!;
		// Counted from when the step was reached: to injecting and healing a busy machine may come late. A timer of Node's
		// may be a millisecond early, and two follow each other here.
		t.ok(
			plannedMs >= reachedMs + 68,
			`planned ${plannedMs - reachedMs} ms after the step was reached`,
		);
		t.ok(injectedMs >= plannedMs - 2, `and struck ${injectedMs - plannedMs} ms after that`);
	},
);

t.test("cut short, what waits for a step of another's is never planned", async (t) => {
	const { context, process, ledger } = rig(t);
	process.identity = identifySelf();
	const at = { subject: "worker", step: "before-commit" };
	const specs = [{ ...fault("down", 0, 30), at }, fault("timeout", 40, 60)];
	const timeline = new Timeline(context, specs, 0);
	const over = timeline.run(context.nowMs());
	while (ledger.pending.length < 2) await pause(1);
	await pause(60);
	await timeline.healAll();
	await over;
	t.same(ledger.pending, []);
});

t.test("a timeline without faults is over at once", async (t) => {
	const { context } = rig(t);
	await new Timeline(context, [], 0).run(0);
	t.pass();
});

t.test("cut short, what is in force is healed and what was to come never comes", async (t) => {
	const { context, toxiproxy, ledger, states } = rig(t);
	const specs = [
		fault("down", 0, hour),
		fault("timeout", 140, hour),
		fault("down", hour, hour + 1),
	];
	const timeline = new Timeline(context, specs, 0);
	const over = timeline.run(0);
	while (!states.includes("proved")) await pause(1);
	await Promise.all([timeline.healAll(), timeline.healAll()]);
	await over;
	await timeline.healAll();
	t.equal(toxiproxy.calls[0], "disable");
	t.equal(toxiproxy.proxies.get("p")?.enabled, true);
	t.same(toxiproxy.proxies.get("p")?.toxics, []);
	t.equal(toxiproxy.calls.filter((call) => call === "disable").length, 1);
	t.same(ledger.pending, []);
});

t.test("healed before it ran, it breaks nothing and plans nothing", async (t) => {
	const { context, toxiproxy, states } = rig(t);
	const timeline = new Timeline(context, [fault("down", 0, 5)], 0);
	await timeline.healAll();
	await timeline.run(0);
	t.same([toxiproxy.calls, states], [[], []]);
});

t.test(
	"healed while a fault is being planned, that fault is closed and never injected",
	async (t) => {
		const { context, toxiproxy, ledger, target } = rig(t);
		const planning = Promise.withResolvers<void>();
		const gate = Promise.withResolvers<void>();
		const slow = {
			...target,
			async proxiesOf(on: string) {
				planning.resolve();
				await gate.promise;
				return target.proxiesOf(on);
			},
		};
		const timeline = new Timeline({ ...context, target: slow }, [fault("down", 100, hour)], 0);
		const over = timeline.run(0);
		await planning.promise;
		const healed = timeline.healAll();
		gate.resolve();
		await Promise.all([healed, over]);
		t.notOk(toxiproxy.calls.includes("disable"));
		t.same(ledger.pending, []);
	},
);

t.test("an inject that fails ends the timeline with its error, and can be healed", async (t) => {
	const { context, toxiproxy, ledger } = rig(t);
	toxiproxy.before = (call) => {
		if (call === "add timeout upstream") throw new Error("no more toxics");
	};
	const timeline = new Timeline(context, [fault("timeout", 0, hour)], 0);
	await t.rejects(timeline.run(0), /no more toxics/);
	await timeline.healAll();
	t.same(toxiproxy.proxies.get("p")?.toxics, []);
	t.same(ledger.pending, []);
});

t.test(
	"a fault that can't be planned ends the timeline with its error; the others are healed",
	async (t) => {
		const { context, ledger, toxiproxy } = rig(t);
		const specs = [fault("down", 0, hour), fault("down", 50, hour, "nowhere")];
		const timeline = new Timeline(context, specs, 0);
		await t.rejects(timeline.run(0), /no path "nowhere"/);
		await timeline.healAll();
		t.equal(toxiproxy.proxies.get("p")?.enabled, true);
		t.same(ledger.pending, []);
	},
);

t.test(
	"what was prepared is planned before faulting has an instant, and injected at it",
	async (t) => {
		const { context, toxiproxy, ledger } = rig(t);
		const planned: number[] = [];
		const onChange: typeof context.onChange = (fault) => {
			context.onChange(fault);
			if (fault.state === "injected") planned.push(fault.plannedFromMs, fault.plannedToMs);
		};
		const specs = [fault("down", 10, 30), fault("timeout", hour, hour + 1)];
		const timeline = new Timeline({ ...context, onChange }, specs, hour);
		timeline.prepare();
		while (ledger.pending.length === 0) await pause(1);
		t.same(toxiproxy.calls, [], "in the ledger, and nothing is broken");
		const fromMs = context.nowMs() + 20;
		const over = timeline.run(fromMs);
		while (!kindsOf(toxiproxy.calls).includes("enable")) await pause(1);
		t.same([planned[0], planned[1]], [fromMs + 10, fromMs + 30], "planned for where it was");
		await timeline.healAll();
		await over;
		t.same(ledger.pending, []);
	},
);

t.test("what was prepared and never came is closed", async (t) => {
	const { context, toxiproxy, ledger } = rig(t);
	const timeline = new Timeline(context, [fault("down", 0, 30)], hour);
	timeline.prepare();
	await timeline.healAll();
	timeline.prepare();
	t.notOk(toxiproxy.calls.includes("disable"));
	t.same(ledger.pending, []);
});
