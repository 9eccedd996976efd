import fc from "fast-check";
import t from "tap";
import { Counts, latencyOf } from "../../../../scenarios/streams/kafka-partitioning/latency.ts";
import type { Line } from "../../../../scenarios/streams/kafka-partitioning/record.ts";

const lineOf = (pid: number, valuesMs: number[]): Line => {
	const counts = new Counts();
	for (const ms of valuesMs) counts.record(ms * 1_000);
	return {
		atMs: 1,
		pid,
		parts: [],
		regressionCount: 0,
		refusedCount: 0,
		latency: JSON.parse(JSON.stringify({ steady: counts.entries })),
	};
};

t.test("percentiles are over the messages of all consumers, not of their percentiles", (t) => {
	const fast = Array.from({ length: 900 }, () => 1);
	const slow = Array.from({ length: 100 }, () => 100);
	const latency = latencyOf({ a: [lineOf(1, fast)], b: [lineOf(2, slow)] }, "steady");
	t.equal(latency.count, 1_000);
	const near = (ms: number | null, exact: number) =>
		ms !== null && ms >= exact && ms < 1.01 * exact;
	t.ok(near(latency.p50Ms, 1), `${latency.p50Ms}`);
	t.ok(near(latency.p95Ms, 100), `${latency.p95Ms}`);
	t.ok(near(latency.maxMs, 100), `${latency.maxMs}`);
	t.equal(latency.curve.at(-1)![0], 99.9, "a thousand messages know no p99.95");
	t.end();
});

t.test("a percentile is at most a hundredth above the value at its rank, and never below", (t) => {
	const values = fc.array(fc.double({ min: 0.001, max: 3e6, noNaN: true }), { minLength: 1 });
	fc.assert(
		fc.property(values, (valuesMs) => {
			const sorted = valuesMs.toSorted((a, b) => a - b);
			const latency = latencyOf({ a: [lineOf(1, valuesMs)] }, "steady");
			return ([50, 95, 99, 100] as const).every((percentile) => {
				const rank = Math.max(1, Math.ceil((percentile / 100) * sorted.length - 1e-6));
				const exact = sorted[rank - 1]!;
				const told = {
					50: latency.p50Ms,
					95: latency.p95Ms,
					99: latency.p99Ms,
					100: latency.maxMs,
				};
				const is = told[percentile]!;
				return is >= exact * (1 - 1e-9) && is <= exact * 1.0101;
			});
		}),
	);
	t.end();
});

t.test("of no message there is no latency", (t) => {
	t.same(latencyOf({ a: [] }, "steady"), {
		count: 0,
		p50Ms: null,
		p95Ms: null,
		p99Ms: null,
		maxMs: null,
		curve: [],
	});
	t.end();
});
