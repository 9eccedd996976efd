import t, { type Test } from "tap";
import { pause } from "../../base/clock.ts";
import { identifySelf } from "../../base/process.ts";
import { atStep, fault, faultName } from "../../chaos/fault.ts";
import { healPending } from "../../chaos/healing.ts";
import { Injection } from "../../chaos/injection.ts";
import { Ledger } from "../../chaos/ledger.ts";
import { readControl } from "../../chaos/subject/controls.ts";
import { subjectSteps } from "../../chaos/subject/steps.ts";
import { recoveryTarget } from "../../daemon/stage/target.ts";
import { planned, rig } from "./fake-target.ts";

const times = { fromMs: 0, toMs: 1_000 };
const at = { subject: "worker", step: "before-commit" };
const strike = atStep(fault("down", "db", {}, times), at);

/** A rig whose worker goes through its steps again and again until the test is over; what it came to, in order. */
function working(t: Test, steps: readonly string[]) {
	const made = rig(t);
	made.process.identity = identifySelf();
	const came: string[] = [];
	const own = subjectSteps(made.controls);
	let over = false;
	const work = (async () => {
		for (let n = 0; !over; n++) {
			const step = steps[n % steps.length]!;
			await own.reach(step);
			came.push(step);
			await pause(1);
		}
	})();
	t.teardown(() => {
		over = true;
		return work;
	});
	return { ...made, came, order: () => readControl(made.controls, "hold-at-step.json") };
}

t.test(
	"a fault is injected while the subject stands at its step, and not a moment earlier",
	async (t) => {
		const { context, toxiproxy, came, order, ledger, states } = working(t, [
			"before-write",
			"before-commit",
		]);
		const injection = await Injection.prepare(context, strike, planned);
		t.equal(order(), null, "planning holds nobody");
		t.equal(ledger.pending.length, 2, "the fault and the hold are in the ledger");
		const atInjection: (string | undefined)[] = [];
		toxiproxy.before = async (call) => {
			if (call !== "disable") return;
			const before = came.length;
			await pause(20);
			t.equal(came.length, before, "the subject stands still");
			atInjection.push(came.at(-1));
		};
		await injection.inject();
		t.same(atInjection, ["before-write"], "the step was come to, and not gone through");
		t.equal(order(), null, "it goes on");
		const before = came.length;
		while (came.length === before) await pause(1);
		t.equal(came[before], "before-commit", "into the fault");
		await injection.heal();
		t.same(states, ["planned", "injected", "proved", "healed"]);
		t.match(injection.record, { at, seen: [/^worker came to before-commit after \d+ ms$/] });
		t.same(ledger.pending, []);
	},
);

t.test("a subject that does not come to its step is not struck, and that is told", async (t) => {
	const { context, toxiproxy, order, ledger, states } = working(t, ["before-write"]);
	const injection = await Injection.prepare(context, strike, planned);
	const injecting = injection.inject();
	while (order() === null) await pause(1);
	const now = performance.now.bind(performance);
	t.intercept(performance, "now", { value: () => now() + 60_000 });
	await injecting;
	await injection.heal();
	t.notOk(toxiproxy.calls.includes("disable"));
	t.same(states, ["planned", "no_effect", "no_effect"]);
	t.match(injection.record, {
		injectedMs: null,
		seen: [/^worker had not come to before-commit after \d+ ms$/],
	});
	t.same([order(), ledger.pending], [null, []]);
});

t.test("a subject that is known to be slow is waited for as long as its step says", async (t) => {
	const { context, order } = working(t, ["before-write"]);
	const patient = atStep(fault("down", "db", {}, times), { ...at, withinMs: 90_000 });
	const injection = await Injection.prepare(context, patient, planned);
	const injecting = injection.inject();
	while (order() === null) await pause(1);
	const now = performance.now.bind(performance);
	let lateMs = 60_000;
	let asked = 0;
	t.intercept(performance, "now", {
		value: () => {
			asked++;
			return now() + lateMs;
		},
	});
	while (asked < 300 && order() !== null) await pause(1);
	lateMs = 120_000;
	await injecting;
	await injection.heal();
	t.match(injection.record, { injectedMs: null, at: { withinMs: 90_000 } });
	t.match(injection.record.seen, [/^worker had not come to before-commit after 12\d{4} ms$/]);
});

t.test("cut short, the step is waited for no longer, and nothing is broken", async (t) => {
	const { context, toxiproxy, order, ledger, states } = working(t, ["before-write"]);
	const injection = await Injection.prepare(context, strike, planned);
	const injecting = injection.inject();
	while (order() === null) await pause(1);
	await injection.heal("cut short");
	await injecting;
	t.notOk(toxiproxy.calls.includes("disable"));
	t.same(states, ["planned", "healed"]);
	t.same([order(), ledger.pending], [null, []]);
});

t.test("a subject whose daemon dies while it stands there is let go by the next", async (t) => {
	const { context, order, ledgerFile, toxiproxy } = working(t, ["before-commit"]);
	let held = () => {};
	toxiproxy.before = () => new Promise<void>((resolve) => (held = resolve));
	const injection = await Injection.prepare(context, strike, planned);
	const injecting = injection.inject();
	while (!toxiproxy.calls.includes("disable")) await pause(1);
	t.not(order(), null, "it stands there while the fault is being injected");
	toxiproxy.before = () => {};
	const next = new Ledger(ledgerFile, "as it is");
	t.equal(next.pending.length, 2);
	t.same(await healPending(recoveryTarget({ toxiproxy: toxiproxy.client }), next), []);
	next.close();
	t.equal(order(), null);
	held();
	await injecting;
	await injection.heal();
});

t.test("while a subject is held for one fault, another can't hold it", async (t) => {
	const { context, ledger } = working(t, ["before-write"]);
	const injection = await Injection.prepare(context, strike, planned);
	await t.rejects(Injection.prepare(context, strike, planned), {
		code: "FLT_CONFLICT",
		message: /hold-at-step on worker holds the step of a subject of worker/,
	});
	t.equal(ledger.pending.length, 2, "of the second nothing is left in the ledger");
	await injection.heal("cut short");
	t.same(ledger.pending, []);
});

t.test("a fault's name says where it strikes", async (t) => {
	const kill = fault("kill", "worker", {}, times);
	t.equal(faultName(kill), "kill on worker");
	t.equal(faultName({ ...kill, at }), "kill on worker at before-commit");
	t.equal(faultName(strike), "down on db at before-commit of worker");
});
