import fc from "fast-check";
import t from "tap";
import { LatencyCounts, type LatencyEntries } from "../../../chaos/subject/latency-counts.ts";
import { latencyOf } from "../../../scenarios/kit/latency.ts";

/** As it comes out of the file that a subject wrote. */
const countedOf = (valuesMs: readonly number[]): LatencyEntries => {
	const counts = new LatencyCounts();
	for (const ms of valuesMs) counts.recordMs(ms);
	return JSON.parse(JSON.stringify(counts.entries));
};

t.test("percentiles are over what all subjects counted, not of their percentiles", (t) => {
	const fast = Array.from({ length: 900 }, () => 1);
	const slow = Array.from({ length: 100 }, () => 100);
	const latency = latencyOf([countedOf(fast), countedOf(slow)]);
	t.equal(latency.count, 1_000);
	const near = (ms: number | null, exact: number) =>
		ms !== null && ms >= exact && ms < 1.001 * exact;
	t.ok(near(latency.p50Ms, 1), `${latency.p50Ms}`);
	t.ok(near(latency.p95Ms, 100), `${latency.p95Ms}`);
	t.ok(near(latency.maxMs, 100), `${latency.maxMs}`);
	t.equal(latency.curve.at(-1)![0], 99.9, "a thousand messages know no p99.95");
	t.end();
});

t.test(
	"a percentile is at most a thousandth from the value at its rank, however often it was written down",
	(t) => {
		const values = fc.array(fc.double({ min: 0.001, max: 3.6e6, noNaN: true }), { minLength: 1 });
		fc.assert(
			fc.property(values, (valuesMs) => {
				const sorted = valuesMs.toSorted((a, b) => a - b);
				const half = valuesMs.length >> 1;
				const latency = latencyOf([
					countedOf(valuesMs.slice(0, half)),
					countedOf(valuesMs.slice(half)),
				]);
				const told = [
					[50, latency.p50Ms],
					[95, latency.p95Ms],
					[99, latency.p99Ms],
					[100, latency.maxMs],
				] as const;
				return told.every(([percentile, ms]) => {
					const rank = Math.max(1, Math.ceil((percentile / 100) * sorted.length - 1e-6));
					const exactMs = sorted[rank - 1]!;
					return ms !== null && Math.abs(ms - exactMs) <= 0.001 * exactMs + 0.001;
				});
			}),
		);
		t.end();
	},
);

t.test("what no clock can have measured is counted at the ends of the range", (t) => {
	const latency = latencyOf([countedOf([-5, 0, 7_200_000])]);
	t.equal(latency.count, 3);
	t.equal(latency.p50Ms, 0.001);
	t.ok(latency.maxMs! >= 3_600_000 && latency.maxMs! <= 3_604_000, `${latency.maxMs}`);
	t.end();
});

t.test("of nothing there is no latency", (t) => {
	t.same(latencyOf([]), {
		count: 0,
		p50Ms: null,
		p95Ms: null,
		p99Ms: null,
		maxMs: null,
		curve: [],
	});
	t.end();
});
