import { FaultlineError } from "../../base/errors.ts";
import type { RunDocument } from "../record/document.ts";
import { keyOf, keyText } from "./baseline.ts";
import { type ComparisonDocument, overall } from "./document.ts";
import { judgeExact } from "./portable.ts";
import { checkEnded, compared, gone, head, type Judged, pairsOf, unknown } from "./sides.ts";

/** A run against another: what needs no statistics is judged, for the rest it says what would tell. */
export function compareWithRun(run: RunDocument, other: RunDocument): ComparisonDocument {
	checkEnded(run);
	checkEnded(other);
	if (run.scenario !== other.scenario)
		throw new FaultlineError(
			"FLT_CONFLICT",
			`${run.runId} is a run of ${run.scenario}, ${other.runId} of ${other.scenario}`,
			"compare runs of one scenario",
		);
	const sameKey = other.seed === run.seed && keyText(keyOf(other)) === keyText(keyOf(run));
	const metrics = pairsOf(run, other.metrics).map(({ metric, known }) => {
		const against = known?.value ?? null;
		const tell = (): Judged => {
			if (metric === null) return { ...gone, why: "the other run has it, this one has not" };
			if (known === null) return { ...unknown, why: "the other run does not have it" };
			switch (metric.portability) {
				case "exact":
					if (!sameKey) return { ...unknown, why: "the runs differ in seed or parameters" };
					return judgeExact(metric.value, against, metric.direction);
				case "bounded":
					return {
						...unknown,
						why: "timing shapes it, and one run shows no range: a baseline of five seeds does",
					};
				case "machine":
					return {
						...unknown,
						why: "two runs are one pair, and show no noise: a duet of 5 to 20 pairs would tell",
					};
				default:
					return metric.portability satisfies never;
			}
		};
		return compared(metric ?? known!, metric, against, null, tell());
	});
	const result = head(run, other);
	return {
		...result,
		notes: sameKey ? result.notes : [...result.notes, differing(run, other)],
		against: { kind: "run", runId: other.runId },
		repeats: [],
		outcome: overall(metrics),
		metrics,
	};
}

function differing(run: RunDocument, other: RunDocument): string {
	const text = (document: RunDocument) => `${keyText(keyOf(document))} seed=${document.seed}`;
	return `the runs are not of one key: ${text(run)}; ${text(other)}`;
}
