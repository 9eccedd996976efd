import fc from "fast-check";
import t from "tap";
import {
	errorsMatter,
	logRatio,
	pairStatistic,
	type Slice,
	trimmedMean,
} from "../../../daemon/compare/pair.ts";
import { WorkerHistogram } from "../../../load/histogram.ts";

/** Five seconds in which every answer took so long, or as long as the function says. */
function slice(
	count: number,
	ms: number | ((n: number) => number),
	more: Partial<Slice> = {},
): Slice {
	const histogram = new WorkerHistogram();
	for (let n = 0; n < count; n++) histogram.recordMs(typeof ms === "number" ? ms : ms(n));
	const { encoded } = histogram.flush();
	histogram.destroy();
	return { lengthMs: 5_000, okCount: count, errorCount: 0, responseUs: [encoded], ...more };
}

const p50 = { kind: "quantile", quantile: 0.5 } as const;
const p99 = { kind: "quantile", quantile: 0.99 } as const;
const near = (got: number | null, wanted: number) => got !== null && Math.abs(got - wanted) < 0.002;

t.test("a B that is 10 % slower is ln 1.1 worse, exchanged it is as much better", (t) => {
	const [a, b] = [slice(100, 10), slice(100, 11)];
	t.ok(near(pairStatistic([{ a, b }], p50), Math.log(1.1)));
	t.ok(near(pairStatistic([{ a: b, b: a }], p50), -Math.log(1.1)));
	t.end();
});

t.test("the quarter of the slices at each end does not count", (t) => {
	t.equal(trimmedMean([5, 1, 2, 3]), 2.5);
	t.equal(trimmedMean([1, 2, 9]), 4, "of three none can be spared");
	t.equal(trimmedMean([-100, 1, 2, 3, 4, 100, 0, 3]), 2.25);
	const a = slice(100, 10);
	const same = { a, b: slice(100, 11) };
	const hiccup = { a, b: slice(100, 500) };
	t.ok(near(pairStatistic([same, same, hiccup, same], p50), Math.log(1.1)));
	t.end();
});

t.test("slices with fewer than 20 samples beyond the quantile are merged", (t) => {
	// Of each 1,000 samples 15 are slow: beyond the p99 lie 10 of them, and 20 of two slices together.
	const with_ = (slowMs: number) => slice(1_000, (n) => (n < 15 ? slowMs : 1));
	const pair = (aMs: number, bMs: number) => ({ a: with_(aMs), b: with_(bMs) });
	t.equal(pairStatistic([pair(100, 110)], p99), null, "one slice is too few");
	const enough = slice(2_000, 100);
	for (const sides of [
		{ a: enough, b: with_(110) },
		{ a: with_(110), b: enough },
	])
		t.equal(pairStatistic([sides], p99), null, "of one side too");
	t.ok(near(pairStatistic([pair(100, 110), pair(100, 110)], p99), Math.log(1.1)));
	const left = [pair(100, 110), pair(100, 110), pair(100, 110)];
	t.ok(near(pairStatistic(left, p99), Math.log(1.1)), "what is left over joins the last");
	t.equal(pairStatistic([], p99), null);
	t.ok(
		pairStatistic([{ a: slice(2_000, 1), b: slice(2_000, 1) }], p99) !== null,
		"2,000 are just enough for a p99",
	);
	t.end();
});

t.test("less throughput and more errors are worse", (t) => {
	const a = slice(1_000, 1);
	const b = slice(900, 1, { errorCount: 100 });
	t.ok(near(pairStatistic([{ a, b }], { kind: "throughput" }), Math.log(1 / 0.9)));
	const odds = Math.log(100.5 / 900.5 / (0.5 / 1_000.5));
	t.ok(near(pairStatistic([{ a, b }], { kind: "errors" }), odds));
	const longer = slice(1_000, 1, { lengthMs: 10_000 });
	t.ok(near(pairStatistic([{ a, b: longer }], { kind: "throughput" }), Math.log(2)));
	const none = slice(0, 1, { errorCount: 10 });
	t.ok(Number.isFinite(pairStatistic([{ a, b: none }], { kind: "throughput" })), "none was ok");
	t.notOk(errorsMatter(a, slice(999, 1, { errorCount: 1 })), "1 in 1,000");
	t.ok(errorsMatter(a, slice(1_000, 1, { errorCount: 2 })));
	t.end();
});

t.test("a slice in which one side did nothing joins the one before it", (t) => {
	const [busy, idle] = [slice(100, 1, { errorCount: 4 }), slice(0, 1)];
	const pairs = [
		{ a: busy, b: busy },
		{ a: busy, b: idle },
	];
	t.ok(near(pairStatistic(pairs, { kind: "throughput" }), Math.log(2)));
	const odds = Math.log(4.5 / 100.5) - Math.log(8.5 / 200.5);
	t.ok(near(pairStatistic(pairs, { kind: "errors" }), odds));
	t.end();
});

t.test("whole values: oriented, and never below the resolution", (t) => {
	const ms = { direction: "lower", resolution: 100 } as const;
	t.ok(near(logRatio(1_000, 1_100, ms), Math.log(1.1)));
	t.ok(near(logRatio(1_000, 1_100, { ...ms, direction: "higher" }), -Math.log(1.1)));
	t.equal(logRatio(0, 50, ms), 0, "both within one tick of the clock");
	t.end();
});

t.test("the measure of both sides does not matter, and exchange mirrors", (t) => {
	const value = fc.double({ min: 1, max: 1e6, noNaN: true });
	const ms = { direction: "lower", resolution: 1e-9 } as const;
	fc.assert(
		fc.property(value, value, fc.double({ min: 0.001, max: 1000, noNaN: true }), (a, b, k) => {
			const ratio = logRatio(a, b, ms);
			return (
				Math.abs(ratio - logRatio(k * a, k * b, ms)) < 1e-9 &&
				Math.abs(ratio + logRatio(b, a, ms)) < 1e-9
			);
		}),
	);
	t.end();
});
