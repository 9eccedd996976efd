import { MergedHistogram } from "../../load/histogram.ts";
import type { PhaseName } from "../../scenarios/contract/phase.ts";
import type { MeteredInterval } from "../record/interval.ts";
import { casesOf, loadsOf, type OtherCurve, type RunReport } from "./report.ts";

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

/** The percentiles of a sum of encoded histograms, to the last one that a sample lies beyond; empty where none has any. */
export function curveOf(encoded: Iterable<string>): PercentilePoint[] {
	const sum = new MergedHistogram();
	for (const one of encoded) sum.add(one);
	if (sum.count === 0) return [];
	const lastNines = Math.min(ninesMax, Math.log10(sum.count));
	const grid = Array.from({ length: ninesMax * stepsPerNine + 1 }, (_, i) => i / stepsPerNine);
	const inside = grid.filter((nines) => nines > ninesMin && nines < lastNines);
	return [ninesMin, ...inside, Math.max(lastNines, ninesMin)].flatMap((nines) => {
		const us = sum.at(percentileAt(nines) / 100);
		return us === null ? [] : { percentile: percentileAt(nines), us };
	});
}

/** The response times of what was due in this phase, an encoded histogram for each interval in which some ended. */
export function dueIn(phase: PhaseName, intervals: readonly MeteredInterval[]): string[] {
	return intervals.flatMap(({ responseUs, phases }) =>
		phases.filter((part) => part.phase === phase).map((part) => part.responseUs ?? responseUs),
	);
}

/** The steady state of a run, load by load and case by case, to be drawn beside another's. */
export function curvesOfRun(report: RunReport, label: string): OtherCurve[] {
	const { intervals } = report;
	const cases = casesOf(report);
	const loads = loadsOf(report);
	return cases
		.flatMap((id) => loads.map((load) => ({ load, case: id })))
		.map((which) => {
			const mine = intervals.filter(
				({ view }) => view.load === which.load && view.case === which.case,
			);
			const points = curveOf(dueIn("steady", mine));
			return {
				label,
				...which,
				points: points.map((point) => ({ ...point, lowUs: null, highUs: null })),
			};
		})
		.filter(({ points }) => points.length > 0);
}

/** What is kept of an accepted run's latency in steady state. */
export interface KeptLoad {
	name: string;
	case: string | null;
	/** `p50`, `p99_9`, and what is no percentile, such as `mean`. */
	response_us: Readonly<Record<string, number | null>>;
}

/** A baseline's percentiles: the median of its runs, between the least and the greatest. */
export function curvesOfBaseline(
	runs: readonly { loads: readonly KeptLoad[] }[],
	label: string,
): OtherCurve[] {
	const all = runs.flatMap(({ loads }) => loads);
	const groups = Map.groupBy(all, ({ name, case: id }) => JSON.stringify([name, id]));
	return [...groups.values()].flatMap((loads) => {
		const quantiles = Object.keys(loads[0]!.response_us).filter((name) => /^p\d/.test(name));
		const points = quantiles.flatMap((quantile) => {
			const values = loads.flatMap(({ response_us }) => response_us[quantile] ?? []);
			if (values.length === 0) return [];
			const sorted = values.sort((a, b) => a - b);
			return {
				percentile: Number(quantile.slice(1).replace("_", ".")),
				us: sorted[Math.floor((sorted.length - 1) / 2)]!,
				...(sorted.length > 1
					? { lowUs: sorted[0]!, highUs: sorted.at(-1)! }
					: { lowUs: null, highUs: null }),
			};
		});
		points.sort((a, b) => a.percentile - b.percentile);
		return { label, load: loads[0]!.name, case: loads[0]!.case, points };
	});
}
