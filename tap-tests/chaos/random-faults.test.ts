import fc from "fast-check";
import t from "tap";
import { stream } from "../../base/random.ts";
import { type Grammar, tooClose } from "../../chaos/grammar.ts";
import { randomFaults } from "../../chaos/random-faults.ts";

const grammar: Grammar = {
	kinds: {
		down: { on: ["journal", "table"] },
		latency: { on: ["front"], params: { latencyMs: [20, 500], jitterMs: 5 } },
	},
	faultsMax: 4,
	horizonMs: 5_000,
};
const drawn = (seed: number, of = grammar) => randomFaults(of, stream(seed, "faults"));

t.test("the same seed draws the same timeline, another seed another", (t) => {
	t.same(drawn(7), drawn(7));
	t.notSame(drawn(7), drawn(8));
	t.end();
});

t.test("each keeps to its grammar, and apart from the others in its place", (t) => {
	fc.assert(
		fc.property(fc.nat(), (seed) => {
			const faults = drawn(seed);
			if (faults.length < 1 || faults.length > grammar.faultsMax) throw new Error("their number");
			for (const [i, a] of faults.entries()) {
				const { kind, on, params, fromMs, toMs } = a;
				if (!grammar.kinds[kind]?.on.includes(on)) throw new Error(`${kind} on ${on}`);
				if (fromMs < 0 || toMs > grammar.horizonMs || toMs - fromMs < 300) throw new Error("times");
				if (faults.slice(i + 1).some((b) => a.on === b.on && tooClose(a, b)))
					throw new Error(`too close on ${on}`);
				if (kind !== "latency") continue;
				const { latencyMs, jitterMs } = params as { latencyMs: number; jitterMs: number };
				if (!Number.isInteger(latencyMs) || latencyMs < 20 || latencyMs > 500 || jitterMs !== 5)
					throw new Error("parameters");
			}
		}),
	);
	t.end();
});

t.test(
	"over many seeds each number of faults, kind, place and end of the horizon comes up",
	(t) => {
		const all = Array.from({ length: 300 }, (_, seed) => drawn(seed));
		const seen = (of: (string | number)[]) => [...new Set(of)].sort();
		t.same(seen(all.map(({ length }) => length)), [1, 2, 3, 4]);
		t.same(seen(all.flat().map(({ kind, on }) => `${kind} ${on}`)), [
			"down journal",
			"down table",
			"latency front",
		]);
		t.equal(Math.min(...all.flat().map(({ fromMs }) => fromMs)), 0);
		t.equal(Math.max(...all.flat().map(({ toMs }) => toMs)), grammar.horizonMs);
		t.end();
	},
);

t.test("where there are steps each strikes at one of them", (t) => {
	const at = ["before-commit", "after-commit"].map((step) => ({ subject: "worker", step }));
	const kinds: Grammar["kinds"] = { kill: { on: ["worker"], at }, down: { on: ["table"] } };
	const all = Array.from({ length: 100 }, (_, seed) => drawn(seed, { ...grammar, kinds })).flat();
	for (const { kind, at: struck } of all)
		t.equal(struck !== undefined, kind === "kill", `${kind} ${struck?.step ?? "by the clock"}`);
	t.same(
		new Set(all.flatMap(({ at: struck }) => struck?.step ?? [])),
		new Set(at.map(({ step }) => step)),
	);
	t.end();
});

t.test("a horizon shorter than the shortest fault still holds one", (t) => {
	t.match(drawn(1, { ...grammar, horizonMs: 100, faultsMax: 1 }), [{ fromMs: 0, toMs: 300 }]);
	t.end();
});
