import t from "tap";
import { atStep, type FaultSpec, fault } from "../../chaos/fault.ts";
import { apart, grammarOf, timelineText } from "../../chaos/grammar.ts";

const faults = [
	fault("down", "db", {}, { fromMs: 0, toMs: 500 }),
	fault("latency", "cache", { latencyMs: 20 }, { fromMs: 200, toMs: 900 }),
	fault("down", "cache", {}, { fromMs: 600, toMs: 700 }),
];

t.test("without a grammar of its own a scenario is explored by what its timeline breaks", (t) => {
	t.same(grammarOf(faults), {
		kinds: {
			down: { on: ["db", "cache"], params: {} },
			latency: { on: ["cache"], params: { latencyMs: 20 } },
		},
		faultsMax: 4,
		horizonMs: 900,
	});
	t.end();
});

t.test(
	"a fault that strikes at a step does so in what is explored, at each of those there are",
	(t) => {
		const at = (step: string) => ({ subject: "db", step });
		const struck = [
			atStep(faults[0]!, at("before-commit")),
			atStep(faults[2]!, at("after-commit")),
			atStep(faults[2]!, at("before-commit")),
		];
		t.same(grammarOf(struck).kinds, {
			down: { on: ["db", "cache"], params: {}, at: [at("before-commit"), at("after-commit")] },
		});
		t.equal(timelineText([struck[1]!]), "down on cache at after-commit of db 600–700 ms");
		t.end();
	},
);

t.test("two in the same place keep apart, and so do two at steps of one subject", (t) => {
	const at = { subject: "worker", step: "before-commit" };
	const one: FaultSpec = { ...fault("down", "db", {}, { fromMs: 0, toMs: 500 }), at };
	const other: FaultSpec = { ...fault("down", "cache", {}, { fromMs: 600, toMs: 900 }), at };
	t.same(apart([one, other]), [one]);
	t.same(apart([one, { ...other, at: { ...at, subject: "other" } }]).length, 2);
	t.same(apart([one, fault("kill", "worker", {}, { fromMs: 600, toMs: 900 })]), [one]);
	t.end();
});

t.test("a timeline is told in a line", (t) => {
	t.equal(
		timelineText(faults.slice(0, 2)),
		"down on db 0–500 ms, latency on cache 200–900 ms latencyMs=20",
	);
	t.equal(timelineText([]), "no fault");
	t.end();
});
