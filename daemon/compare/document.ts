import { exitCodes } from "../../base/exit-codes.ts";
import type { MetricSpec } from "../../scenarios/contract/facts.ts";
import type { Verdict as RunVerdict } from "../record/document.ts";
import type { Outcome } from "../record/duet.ts";
import type { Range } from "./baseline.ts";

/** What `faultline compare` and `GET /runs/:id/compare` answer. */
export interface ComparisonDocument {
	schema: 1;
	runId: string;
	scenario: string;
	/** The run's own verdict, which no comparison changes. */
	verdict: RunVerdict | null;
	asExpected: boolean | null;
	against: { kind: "baseline"; key: string; seeds: number[] } | { kind: "run"; runId: string };
	/** Runs of the same key and seed that were made to confirm a suspicion. */
	repeats: string[];
	/** Over all metrics; those that can't tell count only where none can. */
	outcome: Outcome;
	/** What a reader must know before the numbers: another version of the scenario, another machine. */
	notes: string[];
	sameScenario: boolean;
	sameMachine: boolean;
	metrics: ComparedMetric[];
}

export interface ComparedMetric extends MetricSpec {
	name: string;
	case: string | null;
	value: number | null;
	/** The other side's; of a baseline, for the run's own seed. */
	against: number | null;
	/** What the baseline's seeds span; of `bounded` metrics only. */
	range: Range | null;
	/** How much worse in per cent, whatever the metric's direction: negative is better. */
	effect: { worsePct: number; lowPct: number | null; highPct: number | null } | null;
	outcome: Outcome;
	suspected: boolean;
	/** One sentence. */
	why: string;
}

/**
 * Of all metrics: one regression is one; then what has vanished although any machine should have it. What can't be
 * told, such as latency on a strange machine, does not hide what can.
 */
export function overall(metrics: readonly ComparedMetric[]): Outcome {
	const portable = metrics.filter(({ portability }) => portability !== "machine");
	const any = (outcome: Outcome, of = metrics) => of.some((metric) => metric.outcome === outcome);
	if (any("regressed")) return "regressed";
	if (any("missing", portable)) return "missing";
	if (any("cannot_tell", portable)) return "cannot_tell";
	if (any("improved")) return "improved";
	return any("same") ? "same" : "cannot_tell";
}

/**
 * Exit code: 10 where the run itself failed, 11 where it regressed, 12 where it is invalid or has lost a metric that any
 * machine should have; in this order.
 */
export function exitCodeOf({ verdict, outcome }: ComparisonDocument): number {
	if (verdict === "failed") return exitCodes.failed;
	if (outcome === "regressed") return exitCodes.regressed;
	return verdict === "passed" && outcome !== "missing" ? exitCodes.passed : exitCodes.invalid;
}
