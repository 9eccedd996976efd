import { FaultlineError } from "../../base/errors.ts";
import type { MetricOutcome } from "../host/protocol.ts";
import type { RunDocument } from "../record/document.ts";
import { type BaselineDocument, entryFor, keyOf, keyText, metricId } from "./baseline.ts";
import { type ComparisonDocument, overall } from "./document.ts";
import { judgeMachine } from "./machine.ts";
import type { NightRecord } from "./nights.ts";
import { judgeBounded, judgeExact } from "./portable.ts";
import { checkEnded, compared, gone, head, type Judged, pairsOf, unknown } from "./sides.ts";

/** What a run may be held against beside its baseline. */
export interface Evidence {
	/** Runs of the same key and seed, made to confirm a suspicion. */
	repeats: readonly RunDocument[];
	/** Of this scenario, oldest first. */
	nights: readonly NightRecord[];
}

const noEvidence: Evidence = { repeats: [], nights: [] };

/** A run against the baseline of its scenario; `FLT_NOT_FOUND` where the baseline has no such key. */
export function compareWithBaseline(
	run: RunDocument,
	baseline: BaselineDocument,
	{ repeats, nights }: Evidence = noEvidence,
): ComparisonDocument {
	checkEnded(run);
	checkRepeats(run, repeats);
	const entry = entryFor(baseline, run);
	if (entry === null)
		throw new FaultlineError(
			"FLT_NOT_FOUND",
			`the baseline of ${run.scenario} has no entry for ${keyText(keyOf(run))}`,
			`it has: ${baseline.entries.map(keyText).join("; ") || "none"}; accept a run of this one`,
		);
	const seed = String(run.seed);
	const accepted = entry.runs.find((known) => known.seed === run.seed) ?? null;
	// A run of another seed is held against its neighbours: they were accepted as versions of one thing.
	const kin = accepted ?? entry.runs[0]!;
	const seeds = entry.runs.map((known) => known.seed);
	const metrics = pairsOf(run, entry.metrics).map(({ metric, known }) => {
		const against = known?.values[seed] ?? null;
		const tell = (): Judged => {
			if (metric === null) return { ...gone, why: "the baseline has it, the run has not" };
			if (known === null) return { ...unknown, why: "the baseline does not have it yet" };
			switch (metric.portability) {
				case "exact":
					if (accepted === null)
						return { ...unknown, why: `the baseline has seeds ${seeds.join(", ")}, not ${seed}` };
					// Of one that must fail, timing decides by how much.
					if (run.expect === "failed")
						return { ...unknown, why: "the run must fail, and by how much is timing's" };
					return judgeExact(metric.value, against, metric.direction);
				case "bounded":
					return judgeBounded(
						[metric.value, ...repeats.map((repeat) => valueIn(repeat, metric))],
						known.range,
						metric.direction,
					);
				case "machine":
					return judgeMachine(run, metric, nights);
				default:
					return metric.portability satisfies never;
			}
		};
		return compared(metric ?? known!, metric, against, known?.range ?? null, tell());
	});
	return {
		...head(run, kin),
		against: { kind: "baseline", key: keyText(entry), seeds },
		repeats: repeats.map(({ runId }) => runId),
		outcome: overall(metrics),
		metrics,
	};
}

function valueIn(run: RunDocument, wanted: MetricOutcome): number | null {
	return run.metrics.find((metric) => metricId(metric) === metricId(wanted))?.value ?? null;
}

/** Each of them another run of the same thing: one that is named twice confirms nothing. */
function checkRepeats(run: RunDocument, repeats: readonly RunDocument[]): void {
	const seen = new Set([run.runId]);
	for (const repeat of repeats) {
		checkEnded(repeat);
		const same =
			repeat.scenario === run.scenario &&
			repeat.seed === run.seed &&
			repeat.scenarioHash === run.scenarioHash &&
			!seen.has(repeat.runId) &&
			keyText(keyOf(repeat)) === keyText(keyOf(run));
		if (!same)
			throw new FaultlineError(
				"FLT_CONFLICT",
				`run ${repeat.runId} does not repeat ${run.runId}`,
				"a repeat is another run of the same scenario, parameters and seed, named once",
			);
		seen.add(repeat.runId);
	}
}
