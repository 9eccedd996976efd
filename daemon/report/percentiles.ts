import { MergedHistogram } from "../../load/histogram.ts";
import type { PhaseName } from "../../scenarios/facts.ts";
import type { PhaseRecord } from "../runs/document.ts";
import type { MeteredInterval } from "../runs/meter.ts";

export interface PercentilePoint {
	percentile: number;
	us: number;
}

/** Where curves begin, at the median, and how far they go: so many nines. What lies below the median nobody waits for. */
export const ninesMin = Math.log10(2);
export const ninesMax = 4;
const stepsPerNine = 20;

/** Where a percentile lies on the scale: 0 at 0 %, 1 at 90 %, 2 at 99 %. */
export function ninesOf(percentile: number): number {
	return -Math.log10(1 - percentile / 100);
}

export function percentileAt(nines: number): number {
	return 100 * (1 - 10 ** -nines);
}

/** The percentiles of a sum of intervals, to the last one that a sample lies beyond; empty where there was none. */
export function curveOf(intervals: readonly MeteredInterval[]): PercentilePoint[] {
	const sum = new MergedHistogram();
	for (const { responseUs } of intervals) sum.add(responseUs);
	if (sum.count === 0) return [];
	const lastNines = Math.min(ninesMax, Math.log10(sum.count));
	const grid = Array.from({ length: ninesMax * stepsPerNine + 1 }, (_, i) => i / stepsPerNine);
	const inside = grid.filter((nines) => nines > ninesMin && nines < lastNines);
	return [ninesMin, ...inside, Math.max(lastNines, ninesMin)].flatMap((nines) => {
		const us = sum.percentileUs(percentileAt(nines));
		return us === null ? [] : { percentile: percentileAt(nines), us };
	});
}

/** The intervals by the phase that holds their middle: histograms of a second are not told apart by phase. */
export function byPhase(
	intervals: readonly MeteredInterval[],
	phases: readonly PhaseRecord[],
): { phase: PhaseName; intervals: MeteredInterval[] }[] {
	return phases.map(({ name, fromMs, toMs }) => ({
		phase: name,
		intervals: intervals.filter(({ view }) => {
			const middleMs = (view.fromMs + view.toMs) / 2;
			return middleMs >= fromMs && middleMs < toMs;
		}),
	}));
}
