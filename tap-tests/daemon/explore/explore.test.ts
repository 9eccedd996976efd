import fc from "fast-check";
import t from "tap";
import type { FaultSpec } from "../../../chaos/fault.ts";
import type { Grammar } from "../../../chaos/grammar.ts";
import { explore, type TrialOutcome } from "../../../daemon/explore/explore.ts";
import { timelines } from "../../../daemon/explore/timelines.ts";

const grammar: Grammar = {
	kinds: {
		down: { on: ["journal", "table"] },
		latency: { on: ["front"], params: { latencyMs: [1, 500], jitterMs: 0 } },
	},
	faultsMax: 4,
	horizonMs: 1_000,
};
const passed: TrialOutcome = { failed: [], invalid: null };
const failed: TrialOutcome = { failed: ["none-lost"], invalid: null };

const overlap = (a: FaultSpec, b: FaultSpec) => a.fromMs < b.toMs && b.fromMs < a.toMs;
/** What breaks the store: its journal and its table are away at once. */
const bothAway = (faults: FaultSpec[]) =>
	faults.some((a) => a.on === "journal" && faults.some((b) => b.on === "table" && overlap(a, b)));

/** Each trial takes a second of a clock that only trials move. */
async function search(
	perform: (faults: FaultSpec[], trial: number) => TrialOutcome,
	{ seed = 1, budgetMs = 10_000 } = {},
) {
	let trials = 0;
	const said: string[] = [];
	const result = await explore({
		grammar,
		seed,
		budgetMs,
		nowMs: () => trials * 1_000,
		perform: async (faults) => perform(faults, ++trials),
		say: (message) => said.push(message),
	});
	return { result, said };
}

t.test(
	"a loss that needs two overlapping faults is found and shrunk to those two, whatever the seed",
	async (t) => {
		for (let seed = 1; seed <= 20; seed++) {
			const { result } = await search((faults) => (bothAway(faults) ? failed : passed), { seed });
			const { found, confirmed } = result;
			t.equal(found?.length, 2, JSON.stringify(found));
			t.ok(bothAway(found!));
			t.equal(confirmed, 3);
		}
	},
);

t.test("what is found is minimal, also where the budget ends before it was shrunk", async (t) => {
	const budgetMs = 50;
	const startMs = performance.now();
	let trials = 0;
	const { found } = await explore({
		grammar,
		seed: 2,
		budgetMs,
		nowMs: () => performance.now(),
		say: () => {},
		perform: async (faults) => {
			// The first that breaks it takes all the time there is.
			while (++trials === 2 && performance.now() < startMs + 2 * budgetMs) trials--;
			return faults.some(({ on }) => on === "journal") ? failed : passed;
		},
	});
	t.equal(found?.length, 1, JSON.stringify(found));
});

t.test("the same seed tries the same timelines", async (t) => {
	const tried = async (seed: number) =>
		(await search((_, n) => (n < 8 ? passed : failed), { seed })).result.trials.map(
			({ faults }) => faults,
		);
	t.same(await tried(7), await tried(7));
	t.notSame(await tried(7), await tried(8));
});

t.test("what breaks it once in two tries is flaky: listed, and not shrunk", async (t) => {
	const { result } = await search((_, n) => (n === 3 ? failed : passed), { budgetMs: 50 });
	t.equal(result.found, null);
	t.equal(result.flaky.length, 1);
	t.same(result.flaky[0], result.trials[2]?.faults);
});

t.test("a trial that says nothing is no finding, and what it says is kept", async (t) => {
	const { result, said } = await search(() => ({ failed: [], invalid: "no effect" }), {
		budgetMs: 50,
	});
	t.equal(result.found, null);
	t.match(result.trials[0], { outcome: "invalid", invalid: "no effect" });
	t.match(said[0], /^trial 1: .*: invalid \(no effect\)$/);
});

t.test("a broken timeline that does not break again is told as it is", async (t) => {
	const { result } = await search((_, n) => (n <= 2 ? failed : passed));
	t.match(result, { confirmed: 0, flaky: [] });
	t.not(result.found, null);
	const invalid: TrialOutcome = { failed: [], invalid: "host_busy" };
	const unclear = await search((_, n) => (n <= 2 ? failed : invalid));
	t.match(unclear.result, { confirmed: 0 }, "what says nothing confirms nothing");
});

t.test("what ends the run ends the search, and is no finding", async (t) => {
	let trials = 0;
	const ended = search((_, n) => {
		trials = n;
		if (n === 2) throw new Error("the run was stopped");
		return passed;
	});
	await t.rejects(ended, { message: "the run was stopped" });
	t.equal(trials, 2, "and nothing else is tried");
});

t.test(
	"timelines keep to their grammar: kinds, places, bounds, horizon, and apart in each place",
	(t) => {
		fc.assert(
			fc.property(timelines(grammar), (faults) => {
				if (faults.length === 0 || faults.length > grammar.faultsMax)
					throw new Error("their number");
				for (const { kind, on, params, fromMs, toMs } of faults) {
					const choice = grammar.kinds[kind];
					if (!choice?.on.includes(on)) throw new Error(`${kind} on ${on}`);
					if (fromMs < 0 || toMs > grammar.horizonMs || toMs - fromMs < 300)
						throw new Error("times");
					if (kind !== "latency") continue;
					const { latencyMs, jitterMs } = params as { latencyMs: number; jitterMs: number };
					if (latencyMs < 1 || latencyMs > 500 || jitterMs !== 0) throw new Error("parameters");
				}
				for (const [i, a] of faults.entries())
					for (const b of faults.slice(i + 1))
						if (a.on === b.on && overlap(a, b)) throw new Error(`two at once on ${a.on}`);
			}),
		);
		t.end();
	},
);
