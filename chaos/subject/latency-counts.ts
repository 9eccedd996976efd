// The library's whole is a third of what a consumer takes to start; its plain histogram alone is not.
import histograms from "hdr-histogram-js/dist/Int32Histogram.js";

const maxUs = 3_600_000_000;

/** How often which latency came: microseconds, to three significant digits, with their count. It crosses as JSON. */
export type LatencyEntries = [us: number, count: number][];

/**
 * The latencies that a subject measures itself, from 1 µs to 1 h, to be written down as `entries` and summed up by
 * `latencyOf` of `"faultline"`: percentiles can be had of sums of counts, never of other percentiles.
 */
export class LatencyCounts {
	readonly #histogram = new histograms.default(1, maxUs, 3);

	/** What is shorter than the resolution counts as 1 µs, what is longer than the range as 1 h. */
	recordMs(ms: number): void {
		this.add(Math.round(ms * 1_000), 1);
	}

	add(us: number, count: number): void {
		this.#histogram.recordValueWithCount(us >= 1 ? Math.min(us, maxUs) : 1, count);
	}

	get count(): number {
		return this.#histogram.totalCount;
	}

	/** The latency that this share of all stayed below or at; null of none. */
	atMs(percentile: number): number | null {
		if (this.count === 0) return null;
		// A percentile is the upper edge of its bucket, which may lie beyond the greatest value.
		const us = this.#histogram.getValueAtPercentile(percentile);
		return Math.min(us, this.#histogram.maxValue) / 1_000;
	}

	get entries(): LatencyEntries {
		const recorded = this.#histogram.recordedValuesIterator;
		recorded.reset();
		const entries: LatencyEntries = [];
		while (recorded.hasNext()) {
			const { valueIteratedTo, countAddedInThisIterationStep } = recorded.next();
			entries.push([valueIteratedTo, countAddedInThisIterationStep]);
		}
		return entries;
	}
}
