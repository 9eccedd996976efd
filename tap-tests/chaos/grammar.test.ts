import t from "tap";
import { fault } from "../../chaos/fault.ts";
import { grammarOf, timelineText } from "../../chaos/grammar.ts";

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

t.test("a timeline is told in a line", (t) => {
	t.equal(
		timelineText(faults.slice(0, 2)),
		"down on db 0–500 ms, latency on cache 200–900 ms latencyMs=20",
	);
	t.equal(timelineText([]), "no fault");
	t.end();
});
