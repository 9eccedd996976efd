import { MergedHistogram } from "../../load/histogram.ts";
import type { Slice, SlicePair } from "../compare/pair.ts";
import type { Side, SideSummary, Turn } from "../record/duet.ts";
import type { MeteredInterval } from "../record/interval.ts";

export const other: Record<Side, Side> = { a: "b", b: "a" };

/** The intervals of a session, by the side that they are of. */
export type BySide = Readonly<Record<Side, readonly MeteredInterval[]>>;

/**
 * What a load did in each turn, next to what the other side did in its own: the first turn of one beside the first of
 * the other, and so on. `turns` are in their order, as many of each side.
 */
export function slicePairs(intervals: BySide, load: string, turns: readonly Turn[]): SlicePair[] {
	const of = (side: Side) =>
		slicesOf(
			intervals[side].filter(({ view }) => view.load === load),
			turns.filter((turn) => turn.side === side),
		);
	const b = of("b");
	return of("a").map((slice, turn) => ({ a: slice, b: b[turn]! }));
}

/**
 * One side's turns. An operation is in the interval of its end, and the load is paused between its turns: all that
 * ended from a turn's begin to the next one's belongs to it. What ended before the first is warm-up.
 */
function slicesOf(intervals: readonly MeteredInterval[], turns: readonly Turn[]): Slice[] {
	return turns.map(({ fromMs, toMs }, turn) => {
		const untilMs = turns[turn + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
		const own = intervals.filter(({ view }) => {
			const middleMs = (view.fromMs + view.toMs) / 2;
			return middleMs >= fromMs && middleMs < untilMs;
		});
		const sum = (of: (interval: MeteredInterval) => number) =>
			own.reduce((total, interval) => total + of(interval), 0);
		return {
			lengthMs: toMs - fromMs,
			okCount: sum(({ view }) => view.okCount),
			errorCount: sum(({ view }) => view.failCount + view.unknownCount),
			responseUs: own.map(({ responseUs }) => responseUs),
		};
	});
}

/** The quantiles of which the shift between two sides is shown, from the body to the tail. */
export const shownQuantiles = [0.5, 0.75, 0.9, 0.95, 0.99, 0.999] as const;

export function summaryOf(slices: readonly Slice[]): SideSummary {
	const sum = (of: (slice: Slice) => number) =>
		slices.reduce((total, slice) => total + of(slice), 0);
	const response = new MergedHistogram();
	for (const encoded of slices.flatMap(({ responseUs }) => responseUs)) response.add(encoded);
	const okCount = sum((slice) => slice.okCount);
	return {
		okCount,
		errorCount: sum((slice) => slice.errorCount),
		okPerSec: (1_000 * okCount) / sum((slice) => slice.lengthMs),
		responseUs: shownQuantiles.map((quantile) => response.at(quantile)),
	};
}
