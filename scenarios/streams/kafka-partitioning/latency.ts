import { countsOf, type Line } from "./record.ts";

/** Values are told apart to a hundredth: a bucket ends so much above the one before. */
const step = 1.01;

/** How often values came, in buckets. A library's histogram is a third of what a consumer takes to start. */
export class Counts {
	readonly #counts = new Map<number, number>();

	record(us: number): void {
		const bucket = us <= 1 ? 0 : Math.ceil(Math.log(us) / Math.log(step));
		this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
	}

	get entries(): [bucket: number, count: number][] {
		return [...this.#counts];
	}
}

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
	const sums = new Map<number, number>();
	for (const counts of countsOf(records, phase))
		for (const [bucket, count] of counts) sums.set(bucket, (sums.get(bucket) ?? 0) + count);
	const sorted = [...sums].sort(([a], [b]) => a - b);
	const count = sorted.reduce((sum, [, each]) => sum + each, 0);
	const at = (percentile: number): number | null => {
		let left = (percentile / 100) * count;
		for (const [bucket, each] of sorted) {
			left -= each;
			if (left <= 1e-6) return step ** bucket / 1_000;
		}
		return null;
	};
	return {
		count,
		p50Ms: at(50),
		p95Ms: at(95),
		p99Ms: at(99),
		maxMs: at(100),
		// A percentile that stands for less than a message says nothing more.
		curve: curvePercentiles
			.filter((percentile) => Math.round((100 - percentile) * count) >= 100)
			.map((percentile) => [percentile, at(percentile)!]),
	};
}
