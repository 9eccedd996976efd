import { LatencyCounts, type LatencyEntries } from "../../chaos/subject/latency-counts.ts";

/** What `latencyOf` says of the latencies that subjects have counted. */
export type Latency = {
	count: number;
	p50Ms: number | null;
	p95Ms: number | null;
	p99Ms: number | null;
	maxMs: number | null;
	/** Percentile → milliseconds, towards the tail. */
	curve: [percentile: number, ms: number][];
};

const curvePercentiles = [0, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.75, 99.9, 99.95, 99.99];

/** The percentiles of all that several subjects have counted (`LatencyCounts`), as of one; null where that is nothing. */
export function latencyOf(counted: Iterable<LatencyEntries>): Latency {
	const sum = new LatencyCounts();
	for (const entries of counted) for (const [us, count] of entries) sum.add(us, count);
	return {
		count: sum.count,
		p50Ms: sum.atMs(50),
		p95Ms: sum.atMs(95),
		p99Ms: sum.atMs(99),
		maxMs: sum.atMs(100),
		// A percentile that stands for less than an operation says nothing more.
		curve: curvePercentiles.flatMap((percentile) => {
			const ms = sum.atMs(percentile);
			const isTold = Math.round((100 - percentile) * sum.count) >= 100;
			return ms !== null && isTold ? [[percentile, ms]] : [];
		}),
	};
}
