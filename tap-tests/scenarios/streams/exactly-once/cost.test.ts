import t from "tap";
import { costOf } from "../../../../scenarios/streams/exactly-once/cost.ts";

t.test("the cost is the middle of the ratios of turns beside each other", (t) => {
	const pairs = [
		{ on: 50, off: 100 },
		// The machine was slow for both, which changes no ratio.
		{ on: 6, off: 10 },
		{ on: 90, off: 100 },
	];
	t.same(costOf(pairs), { pairs, ratio: 0.6, low: 0.5, high: 0.9 });
	t.same(costOf(pairs.slice(0, 2)).ratio, 0.55, "of two, between them");
	t.end();
});
