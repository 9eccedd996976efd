import t from "tap";
import {
	type GuardOptions,
	guardsOf,
} from "../../../../scenarios/failing/failure-modes/pipeline/guards.ts";

const options: GuardOptions = {
	tryTimeoutMs: 5_000,
	patienceMs: 60_000,
	backoffMs: 1,
	backoffMaxMs: 2,
	budgetShare: 0.2,
	budgetMost: 1_000,
	minRetriesPerSec: 1,
	breakAfterFailures: 1_000,
	halfOpenAfterMs: 1,
	random: () => 0.5,
};

/** A server that fails so often, and counts. */
function failing(times: number) {
	const server = { tries: 0 };
	const ask = async () => {
		server.tries += 1;
		if (server.tries <= times) throw new Error(`failure ${server.tries}`);
		return "done";
	};
	return { server, ask };
}

t.test("a step is tried until it succeeds", async (t) => {
	const { server, ask } = failing(6);
	t.equal(await guardsOf(options)(ask), "done");
	t.equal(server.tries, 7);
});

t.test("when patience is over the last failure is told", async (t) => {
	const { ask } = failing(Number.POSITIVE_INFINITY);
	await t.rejects(guardsOf({ ...options, patienceMs: 20 })(ask), { message: /^failure \d+$/ });
	const { server, ask: once } = failing(Number.POSITIVE_INFINITY);
	await t.rejects(guardsOf({ ...options, patienceMs: 0 })(once), { message: "failure 1" });
	t.equal(server.tries, 1, "no patience is one try");
});

t.test("no backoff leads beyond the end of patience", async (t) => {
	let last = 0;
	const fails = async () => {
		last = performance.now();
		throw new Error("down");
	};
	const begun = performance.now();
	const patience = { patienceMs: 50, backoffMs: 30, backoffMaxMs: 3_600_000, random: () => 1 };
	await t.rejects(guardsOf({ ...options, ...patience })(fails), { message: "down" });
	// The third backoff would be 120 ms, and the tenth half a minute.
	t.ok(last - begun >= 49, "the last try is made when it is over");
});

t.test("a try that says nothing is given up, and told so", async (t) => {
	const signals: AbortSignal[] = [];
	const silentTwice = (signal: AbortSignal) => {
		signals.push(signal);
		return signals.length > 2 ? Promise.resolve("done") : new Promise<string>(() => {});
	};
	t.equal(await guardsOf({ ...options, tryTimeoutMs: 5 })(silentTwice), "done");
	t.same(
		signals.slice(0, 2).map(({ aborted }) => aborted),
		[true, true],
	);
	t.equal(signals.length, 3);
});

t.test("an open circuit lets one try through at a time, for all steps together", async (t) => {
	let up = false;
	const triedMs: number[] = [];
	const ask = async () => {
		triedMs.push(performance.now());
		if (!up) throw new Error("down");
	};
	const halfOpenAfterMs = 10;
	const guarded = guardsOf({ ...options, breakAfterFailures: 5, halfOpenAfterMs });
	// All 50 try before the circuit can open; the backoff is at most 2 ms, and from then on only probes go out.
	const steps = Array.from({ length: 50 }, () => guarded(ask));
	while (triedMs.length < 55) await new Promise((resolve) => setImmediate(resolve));
	const probedMs = triedMs.slice(50);
	up = true;
	await Promise.all(steps);
	for (const [i, ms] of probedMs.slice(1).entries())
		t.ok(ms - probedMs[i]! >= halfOpenAfterMs - 1, `${ms - probedMs[i]!} ms between two probes`);
});

t.test("retries are no more than the budget; a step that finds it spent waits", async (t) => {
	let tries = 0;
	let up = false;
	const ask = async () => {
		tries += 1;
		if (!up) throw new Error("down");
	};
	const guarded = guardsOf({ ...options, budgetMost: 3, minRetriesPerSec: 0.001 });
	const steps = Promise.all(Array.from({ length: 10 }, () => guarded(ask)));
	// The backoff is at most 2 ms: without a budget there would be hundreds of tries by then.
	const endMs = performance.now() + 100;
	while (performance.now() < endMs) await new Promise((resolve) => setImmediate(resolve));
	t.equal(tries, 14, "a first try for each, three retries of the budget, and one beside it");
	up = true;
	let done = false;
	void steps.then(() => {
		done = true;
	});
	let later = 0;
	for (; !done; later++) {
		await guarded(ask);
		await new Promise((resolve) => setImmediate(resolve));
	}
	t.ok(later >= 30, `later steps paid for the others: ${later}`);
	t.equal(tries, 14 + 10 + later);
});

t.test("a few retries a second are free, so that nobody waits for ever", async (t) => {
	const { server, ask } = failing(5);
	const guarded = guardsOf({ ...options, budgetShare: 0, budgetMost: 0, minRetriesPerSec: 100 });
	t.equal(await guarded(ask), "done");
	t.equal(server.tries, 6);
});
