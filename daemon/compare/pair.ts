import { MergedHistogram } from "../../load/histogram.ts";
import { meanOf } from "./estimate.ts";

/** What one side recorded in one slice of a session: plain data that adds up. */
export interface Slice {
	lengthMs: number;
	okCount: number;
	/** Failed and unknown operations. */
	errorCount: number;
	/** Response times of all started operations, encoded histograms of microseconds, such as one a second. */
	responseUs: readonly string[];
}

/** Two neighbours in time, one of each side. */
export interface SlicePair {
	a: Slice;
	b: Slice;
}

/** What can be told of a slice. */
export type SliceMetric =
	| { kind: "quantile"; quantile: number }
	| { kind: "throughput" }
	| { kind: "errors" };

const beyondMin = 20;

/**
 * One number for one session: how much worse B was, as a log ratio. The mean of its slice pairs' log ratios without
 * the outermost quarters. Null where even all slices together hold too few samples beyond the quantile.
 */
export function pairStatistic(pairs: readonly SlicePair[], metric: SliceMetric): number | null {
	const ratios = merged(pairs, metric).map(
		({ a, b }) => worseness(b, metric) - worseness(a, metric),
	);
	return ratios.length === 0 ? null : trimmedMean(ratios);
}

/** Neighbouring pairs put together until each holds enough samples; what is left over joins the last. */
function merged(pairs: readonly SlicePair[], metric: SliceMetric): SlicePair[] {
	const done: SlicePair[] = [];
	let open: SlicePair | null = null;
	for (const pair of pairs) {
		open = open === null ? pair : joined(open, pair);
		if (!isEnough(open.a, metric) || !isEnough(open.b, metric)) continue;
		done.push(open);
		open = null;
	}
	const last = done.at(-1);
	if (open !== null && last !== undefined) done[done.length - 1] = joined(last, open);
	return done;
}

function joined(first: SlicePair, second: SlicePair): SlicePair {
	return { a: plus(first.a, second.a), b: plus(first.b, second.b) };
}

function plus(first: Slice, second: Slice): Slice {
	return {
		lengthMs: first.lengthMs + second.lengthMs,
		okCount: first.okCount + second.okCount,
		errorCount: first.errorCount + second.errorCount,
		responseUs: [...first.responseUs, ...second.responseUs],
	};
}

function isEnough(slice: Slice, metric: SliceMetric): boolean {
	if (metric.kind !== "quantile") return slice.okCount + slice.errorCount > 0;
	// 2000 × (1 − 0.99) is a hair below 20.
	return countOf(slice) * (1 - metric.quantile) > beyondMin - 1e-6;
}

function countOf({ okCount, errorCount }: Slice): number {
	return okCount + errorCount;
}

/** On the log scale, greater is worse. Half an operation stands in where there was none. */
function worseness(slice: Slice, metric: SliceMetric): number {
	switch (metric.kind) {
		case "quantile": {
			const histogram = new MergedHistogram();
			for (const encoded of slice.responseUs) histogram.add(encoded);
			return Math.log(histogram.at(metric.quantile) ?? Number.NaN);
		}
		case "throughput":
			return -Math.log(Math.max(slice.okCount, 0.5) / slice.lengthMs);
		case "errors":
			return Math.log((slice.errorCount + 0.5) / (slice.okCount + 0.5));
		default:
			return metric satisfies never;
	}
}

/** Without ⌊n/4⌋ values at each end: one slice that a hiccup hit says nothing. */
export function trimmedMean(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const cut = Math.floor(sorted.length / 4);
	return meanOf(sorted.slice(cut, sorted.length - cut));
}

/** Whether errors are a gate: where neither side has more than 0.1 % of them, there is nothing to hold. */
export function errorsMatter(...sides: readonly Slice[]): boolean {
	return sides.some((side) => side.errorCount > 0.001 * countOf(side));
}

/**
 * How much worse the second of two whole values is, as a log ratio: for what can't be sliced, such as a recovery. A
 * value below the resolution of its clock counts as that.
 */
export function logRatio(
	a: number,
	b: number,
	{ direction, resolution }: { direction: "lower" | "higher"; resolution: number },
): number {
	const ratio = Math.log(Math.max(b, resolution)) - Math.log(Math.max(a, resolution));
	return direction === "lower" ? ratio : -ratio;
}
