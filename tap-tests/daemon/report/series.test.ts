import t from "tap";
import {
	curveOf,
	curvesOfBaseline,
	curvesOfRun,
	dueIn,
	ninesOf,
} from "../../../daemon/report/percentiles.ts";
import { steps, stretchesOf } from "../../../daemon/report/series.ts";
import { encoded } from "../record/interval.ts";
import { fullReport, interval } from "./full-report.ts";

t.test("an interval in which nothing ended is a gap, and its errors are counted", (t) => {
	const { intervals } = fullReport();
	const stretches = stretchesOf(intervals, 9_000);
	t.match(stretches[5], { fromMs: 5_000, p50Ms: null, p99Ms: null, okPerSec: 0, errorsPerSec: 40 });
	const line = steps(stretches, ({ p99Ms }) => p99Ms);
	t.same(line.slice(8, 14), [
		[4_000, 400],
		[5_000, 400],
		[5_000, null],
		[6_000, null],
		[6_000, 24],
		[7_000, 24],
	]);
	t.end();
});

t.test("the last interval is as long as its load was in it: its rate does not dip", (t) => {
	const intervals = [interval(0, [1, 2, 3, 4]), interval(1, [1, 2], { dueCount: 50 })];
	const [, last] = stretchesOf(intervals, 1_500);
	t.match(last, { fromMs: 1_000, toMs: 1_500, okPerSec: 4, offeredPerSec: 100 });
	t.equal(stretchesOf(intervals, 1_200).length, 1, "a sliver says nothing of a rate");
	t.end();
});

t.test("too many intervals become fewer, by their histograms and not by their percentiles", (t) => {
	const slow = Array.from({ length: 20 }, () => 1_000);
	const fast = Array.from({ length: 80 }, () => 1);
	const intervals = [interval(0, slow), interval(1, fast), interval(2, []), interval(3, [])];
	const stretches = stretchesOf(intervals, 4_000, 2);
	t.equal(stretches.length, 2);
	t.match(stretches[0], { fromMs: 0, toMs: 2_000, okPerSec: 50 });
	t.ok(Math.abs(stretches[0]!.p50Ms! - 1) < 0.01, "the median of all hundred, not of two medians");
	t.equal(stretches[1]!.p50Ms, null);
	t.end();
});

t.test("a curve begins at the median and ends where its samples do", (t) => {
	const thousand = Array.from({ length: 1_000 }, (_, i) => i + 1);
	const curve = curveOf([encoded(...thousand)]);
	t.ok(Math.abs(curve[0]!.percentile - 50) < 1e-9);
	t.ok(Math.abs(curve[0]!.us - 500_000) < 1_000);
	t.ok(Math.abs(ninesOf(curve.at(-1)!.percentile) - 3) < 1e-6, "one in a thousand, and no further");
	t.same(curveOf([encoded()]), []);
	const one = curveOf([encoded(7)]).at(-1)!;
	t.ok(Math.abs(one.us - 7_000) < 7, "one sample is all there is");
	t.end();
});

t.test("an operation counts in the phase that it was due in, whenever it ended", (t) => {
	const [late, onTime] = [encoded(2_500), encoded(10)];
	const both = interval(4, [10, 2_500], {}, [
		{ phase: "steady", responseUs: late },
		{ phase: "faulting", responseUs: onTime },
	]);
	const alone = interval(1, [10], {}, [{ phase: "steady", responseUs: null }]);
	t.same(dueIn("steady", [alone, both]), [alone.responseUs, late]);
	t.same(dueIn("faulting", [alone, both]), [onTime]);
	t.same(dueIn("recovering", [alone, both]), []);
	t.end();
});

t.test("a run's steady state is a curve for each load, to lie beside another's", (t) => {
	const [curve, ...more] = curvesOfRun(fullReport(), "run A");
	t.match(curve, { label: "run A", load: "orders", case: null });
	t.ok(
		curve!.points.every(({ us }) => us < 25_000),
		"without what the fault did",
	);
	t.same(more, []);
	t.end();
});

t.test("a baseline's curve is the median of its runs, between the least and the greatest", (t) => {
	const load = (p50: number | null, p99_9: number) => ({
		loads: [{ name: "orders", case: null, response_us: { p99_9, p50, mean: 1 } }],
	});
	t.same(curvesOfBaseline([load(30, 300), load(10, 100), load(20, 200)], "baseline"), [
		{
			label: "baseline",
			load: "orders",
			case: null,
			points: [
				{ percentile: 50, us: 20, lowUs: 10, highUs: 30 },
				{ percentile: 99.9, us: 200, lowUs: 100, highUs: 300 },
			],
		},
	]);
	t.same(curvesOfBaseline([load(null, 100)], "baseline")[0]!.points, [
		{ percentile: 99.9, us: 100, lowUs: null, highUs: null },
	]);
	t.end();
});
