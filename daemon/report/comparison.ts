import type { MetricSpec } from "../../scenarios/contract/facts.ts";
import type { Verdict } from "../record/document.ts";

/** As they are shown: what wants a look first. */
export const outcomes = ["regressed", "missing", "cannot_tell", "improved", "same"] as const;
export type Outcome = (typeof outcomes)[number];

/** What a comparison's page is made of: the part of a comparison document that it shows. */
export interface Comparison {
	runId: string;
	scenario: string;
	/** The run's own, which no comparison changes. */
	verdict: Verdict | null;
	against:
		| { kind: "baseline"; key: string; seeds: readonly number[] }
		| { kind: "run"; runId: string };
	/** Runs that were made to confirm a suspicion. */
	repeats: readonly string[];
	outcome: Outcome;
	/** What a reader must know before the numbers: other code, another machine. */
	notes: readonly string[];
	metrics: readonly ComparedMetric[];
}

export interface ComparedMetric extends MetricSpec {
	name: string;
	case: string | null;
	value: number | null;
	/** The other side's. */
	against: number | null;
	/** What the other side spans, where it is more than one run. */
	range: { min: number; median: number; max: number; seeds: number } | null;
	/** How much worse in per cent, whatever the metric's direction: negative is better. Bounds of a 95 % interval. */
	effect: { worsePct: number; lowPct: number | null; highPct: number | null } | null;
	outcome: Outcome;
	/** Worse, and not confirmed by repeats yet. */
	suspected: boolean;
	/** One sentence. */
	why: string;
}
