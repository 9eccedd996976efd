import { build, decodeFromCompressedBase64, type Histogram } from "hdr-histogram-js";
import { histogramsOf, type Line } from "./record.ts";

/** End to end, from the instant a message was to be sent to the end of the work on it. */
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

/** Of all messages of a phase that the consumers have processed. */
export function latencyOf(
	records: Readonly<Record<string, readonly Line[]>>,
	phase: string,
): Latency {
	const all = histogram();
	for (const text of histogramsOf(records, phase))
		all.add(decodeFromCompressedBase64(text, 32, false));
	const at = (percentile: number) => all.getValueAtPercentile(percentile) / 1_000;
	const some = all.totalCount > 0;
	return {
		count: all.totalCount,
		p50Ms: some ? at(50) : null,
		p95Ms: some ? at(95) : null,
		p99Ms: some ? at(99) : null,
		maxMs: some ? all.maxValue / 1_000 : null,
		// A percentile that stands for less than a message says nothing more.
		curve: curvePercentiles
			.filter((percentile) => Math.round((100 - percentile) * all.totalCount) >= 100)
			.map((percentile) => [percentile, at(percentile)]),
	};
}

export function histogram(): Histogram {
	return build({ highestTrackableValue: 3_600_000_000, useWebAssembly: false });
}
