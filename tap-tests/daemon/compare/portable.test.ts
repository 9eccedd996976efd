import fc from "fast-check";
import t from "tap";
import { judgeBounded, judgeExact, limitOf } from "../../../daemon/compare/portable.ts";

t.test("any worse value of an exact metric is a regression", (t) => {
	const rows: [
		value: number | null,
		against: number | null,
		direction: "lower" | "higher",
		string,
	][] = [
		[1, 0, "lower", "regressed"],
		[0, 1, "lower", "improved"],
		[0, 0, "lower", "same"],
		[99, 100, "higher", "regressed"],
		[100.5, 100, "higher", "improved"],
		[null, 0, "lower", "missing"],
		[0, null, "lower", "cannot_tell"],
		[null, null, "lower", "cannot_tell"],
	];
	for (const [value, against, direction, outcome] of rows)
		t.match(
			judgeExact(value, against, direction),
			{ outcome, suspected: false },
			`${value}, ${against}`,
		);
	t.match(judgeExact(1, 0, "lower").why, /was 0 and is 1, with the same seed/);
	t.match(judgeExact(7, 7, "lower").why, /is 7/);
	t.end();
});

t.test("the limit of a bounded metric is half a range, or a tenth, beyond its worst", (t) => {
	const range = (min: number, max: number) => ({ min, median: min, max, seeds: 5 });
	t.equal(limitOf(range(1, 2), "lower"), 2.5);
	t.equal(limitOf(range(100, 100), "lower"), 110);
	t.equal(limitOf(range(1, 2), "higher"), 0.5);
	t.equal(limitOf(range(100, 100), "higher"), 90);
	t.equal(limitOf(range(0, 0), "lower"), 0);
	t.equal(limitOf(range(-10, -10), "lower"), -9);
	t.end();
});

const range = { min: 1, median: 1.5, max: 2, seeds: 5 };

t.test(
	"beyond the limit once is a suspicion, three times a regression, and with a good repeat timing",
	(t) => {
		const rows: [values: (number | null)[], outcome: string, suspected: boolean, why: RegExp][] = [
			[[2.4], "same", false, /^2\.4, of 1 to 2 over 5 seeds,.* within the limit of 2\.5/],
			[[2.5], "same", false, /within the limit of 2\.5/],
			[[2.6], "cannot_tell", true, /^2\.6, of 1 to 2 .* limit of 2\.5; run it again twice/],
			[[2.6, 2.7], "cannot_tell", true, /run it again once more/],
			[[2.6, 2.7, 2.8], "regressed", false, /so are both repeats/],
			[[2.6, 2.4], "same", false, /timing did it/],
			[[2.6, 2.7, 2.4], "same", false, /timing did it/],
			[[2.6, null, 2.7], "same", false, /timing did it/],
			[[2.4, 9, 9], "same", false, /within/],
			[[0.4], "improved", false, /^0\.4, of 1 to 2 over 5 seeds.* better than any/],
			[[null, 9, 9], "missing", false, /no value/],
			[[], "missing", false, /no value/],
		];
		for (const [values, outcome, suspected, why] of rows) {
			const told = judgeBounded(values, range, "lower");
			t.match(told, { outcome, suspected, why }, JSON.stringify(values));
		}
		const noRepeat = judgeBounded([0.4, null, 0.4], range, "higher");
		t.match(noRepeat, { outcome: "same", why: /timing did it/ }, "no value is no low one");
		t.match(judgeBounded([0.5], range, "higher"), { outcome: "same", suspected: false });
		t.end();
	},
);

t.test("a range over fewer than five seeds judges nothing", (t) => {
	t.match(judgeBounded([99, 99, 99], { ...range, seeds: 4 }, "lower"), {
		outcome: "cannot_tell",
		why: /knows 4 seeds, and a range needs 5/,
	});
	t.equal(judgeBounded([null], null, "lower").outcome, "cannot_tell", "neither has a value");
	t.match(judgeBounded([99], null, "lower"), { outcome: "cannot_tell", why: /knows 0 seeds/ });
	t.end();
});

t.test("what lies within the seeds' range is never suspected, and worse is never better", (t) => {
	const value = fc.double({ min: -100, max: 100, noNaN: true });
	const rank = { improved: 0, same: 1, cannot_tell: 2, regressed: 3, missing: 4 };
	fc.assert(
		fc.property(value, value, value, fc.constantFrom("lower", "higher"), (a, b, c, direction) => {
			const [min, max] = [Math.min(a, b), Math.max(a, b)];
			const spread = { min, median: min, max, seeds: 5 };
			const told = (x: number) => judgeBounded([x, x, x], spread, direction).outcome;
			const inside = told(min + (max - min) / 2) === "same";
			const worse = direction === "lower" ? c + 1 : c - 1;
			return inside && rank[told(worse)] >= rank[told(c)];
		}),
	);
	t.end();
});
