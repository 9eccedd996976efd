import type { MetricSpec, Portability } from "../../scenarios/facts.ts";
import type { OtherCurve } from "./report.ts";

export const comparedOutcomes = [
	"regressed",
	"improved",
	"same",
	"cannot_tell",
	"missing",
] as const;
export type ComparedOutcome = (typeof comparedOutcomes)[number];

/** What a comparison page is made of; the comparison document fits it. `a` is what `b` is held against. */
export interface Comparison {
	a: ComparedSide;
	b: ComparedSide;
	outcome: ComparedOutcome;
	/** What a reader must know before the numbers: other code, another machine. */
	notes: readonly string[];
	metrics: readonly ComparedMetric[];
	/** Both sides' percentiles, where their histograms are there. */
	curves: readonly OtherCurve[];
}

export interface ComparedSide {
	/** `baseline`, or a run's id. */
	label: string;
	scenario: string;
	/** Size, guard, seed and parameters, in words. */
	params: string;
	startedAt: string | null;
}

export interface ComparedMetric {
	name: string;
	case: string | null;
	unit: MetricSpec["unit"];
	direction: MetricSpec["direction"];
	portability: Portability;
	a: number | null;
	b: number | null;
	/** From `a` to `b`, in percent of `a`; the bounds are of a 95 % interval. */
	effect: { pct: number; lowPct: number | null; highPct: number | null } | null;
	outcome: ComparedOutcome;
	/** One sentence. */
	why: string;
}
