import fc from "fast-check";
import t from "tap";
import { estimate, noHistory, noiseOf, pctOf } from "../../../daemon/compare/estimate.ts";
import { noise, pairs } from "./vectors.ts";

t.test("the worked example comes out to the last digit that is given", (t) => {
	const { meanLog, sdLog, df, pWorse, lowLog, highLog } = estimate(pairs, noise)!;
	t.equal(meanLog.toFixed(3), "0.095");
	t.equal((sdLog / Math.sqrt(10)).toFixed(7), "0.0325983");
	t.equal(df, 17);
	t.equal(pWorse.toFixed(8), "0.00483288");
	t.equal(pctOf(lowLog).toFixed(2), "2.66");
	t.equal(pctOf(highLog).toFixed(2), "17.80");
	t.end();
});

t.test(
	"history weighs with half its pairs, eight degrees at most, and only its last twenty",
	(t) => {
		t.same(noiseOf([]), noHistory);
		t.same(noiseOf([0.1]), { variance: 0.1 * 0.1, df: 0 }, "one pair weighs nothing");
		t.equal(noiseOf([0.1, 0.1, 0.1, 0.1, 0.1]).df, 2);
		const twenty = Array.from({ length: 20 }, () => 0.5);
		t.same(noiseOf([...Array.from({ length: 30 }, () => 9), ...twenty]), { variance: 0.25, df: 8 });
		t.end();
	},
);

t.test("without history fewer than three pairs tell nothing; with it one does", (t) => {
	t.equal(estimate([], noise), null);
	t.equal(estimate([0.1, 0.2], noHistory), null);
	t.equal(estimate([0.1, 0.2, 0.3], noHistory)?.df, 2);
	t.equal(estimate([0.1], noise)?.df, 8);
	t.end();
});

t.test("what has no noise at all is certain, and no difference is none", (t) => {
	t.match(estimate([0.1, 0.1, 0.1], noHistory), { pWorse: /^\d(\.\d+e-\d+)?$/, pBetter: 1 });
	t.match(estimate([0, 0, 0], noHistory), { pWorse: 0.5, pBetter: 0.5, lowLog: 0, highLog: 0 });
	t.end();
});

const series = fc.array(fc.double({ min: -0.5, max: 0.5, noNaN: true }), {
	minLength: 3,
	maxLength: 20,
});
const close = (a: number, b: number) => Math.abs(a - b) < 1e-6 * Math.max(1, Math.abs(a));

t.test("with the sides exchanged everything is mirrored", (t) => {
	fc.assert(
		fc.property(series, (d) => {
			const there = estimate(d, noise)!;
			const back = estimate(
				d.map((value) => -value),
				noise,
			)!;
			return (
				close(there.meanLog, -back.meanLog) &&
				close(there.lowLog, -back.highLog) &&
				close(there.pWorse, back.pBetter) &&
				close(there.sdLog, back.sdLog)
			);
		}),
	);
	t.end();
});

t.test("the unit of the log does not matter, and neither does the order", (t) => {
	fc.assert(
		fc.property(series, fc.double({ min: 0.1, max: 10, noNaN: true }), (d, k) => {
			const one = estimate(d, noise)!;
			const scaled = estimate(
				d.map((value) => value * k),
				{ ...noise, variance: noise.variance * k * k },
			)!;
			const turned = estimate([...d].reverse(), noise)!;
			return close(one.pWorse, scaled.pWorse) && close(one.pWorse, turned.pWorse);
		}),
	);
	t.end();
});

t.test("a worse B never looks better", (t) => {
	fc.assert(
		fc.property(series, fc.double({ min: 0, max: 1, noNaN: true }), (d, shift) => {
			const one = estimate(d, noise)!;
			const worse = estimate(
				d.map((value) => value + shift),
				noise,
			)!;
			return worse.pWorse <= one.pWorse + 1e-6 && worse.lowLog >= one.lowLog - 1e-9;
		}),
	);
	t.end();
});
