import type { MetricSpec } from "../contract/facts.ts";
import type { Metric } from "../contract/judgement.ts";

// Metrics by what they are of, so that an experiment says no more than how it measures one.

type Measure<F> = Metric<F>["measure"];

/** A count that seed and parameters alone decide, and that is best at 0. */
export function countOf<F>(measure: Measure<F>): Metric<F> {
	return { unit: "count", direction: "lower", portability: "exact", measure };
}

/** A count that seed and parameters alone decide, and of which more is better. */
export function tallyOf<F>(measure: Measure<F>): Metric<F> {
	return { unit: "count", direction: "higher", portability: "exact", measure };
}

/** A count that timing shapes, and that is better low. */
export function shapedCount<F>(measure: Measure<F>): Metric<F> {
	return { unit: "count", direction: "lower", portability: "bounded", measure };
}

/** A share in percent that timing shapes. */
export function pctOf<F>(direction: MetricSpec["direction"], measure: Measure<F>): Metric<F> {
	return { unit: "pct", direction, portability: "bounded", measure };
}

/** Milliseconds of this machine, better low. */
export function msOf<F>(measure: Measure<F>): Metric<F> {
	return { unit: "ms", direction: "lower", portability: "machine", measure };
}

/** The middle of numbers, between the two middle ones where their count is even; null of none. */
export function medianOf(numbers: readonly number[]): number | null {
	if (numbers.length === 0) return null;
	const sorted = numbers.toSorted((a, b) => a - b);
	const middle = (sorted.length - 1) / 2;
	return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
