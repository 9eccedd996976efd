import t from "tap";
import { leftTogether } from "../../../../scenarios/subjects/streams/left-together.ts";

const nothing = { events: 0, late: 0, stale: [] as string[] };

t.test("counts are added up by name, and of names the first ten are kept", (t) => {
	const names = (from: number) => Array.from({ length: 6 }, (_, i) => `pane/${from + i}`);
	t.same(
		leftTogether(
			[
				{ events: 7, late: 1, stale: names(0) },
				{ events: 5, late: 0, stale: names(10) },
			],
			nothing,
		),
		{ events: 12, late: 1, stale: [...names(0), ...names(10).slice(0, 4)] },
	);
	t.end();
});

t.test("of no partition nothing is left, and of one what it says", (t) => {
	t.same(leftTogether([], nothing), nothing);
	t.same(nothing, { events: 0, late: 0, stale: [] }, "which nobody has changed");
	const one = { events: 3, late: 2, stale: ["ids/1"] };
	t.same(leftTogether([one], nothing), one);
	t.end();
});
