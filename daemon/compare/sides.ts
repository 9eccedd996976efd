import { FaultlineError } from "../../base/errors.ts";
import type { MetricOutcome } from "../host/protocol.ts";
import type { RunDocument } from "../record/document.ts";
import { type BaselineMetric, metricId, type Range } from "./baseline.ts";
import type { ComparedMetric } from "./document.ts";
import { pctOf } from "./estimate.ts";
import { logRatio } from "./pair.ts";
import type { Told } from "./portable.ts";

/** What was told of a metric, with an effect where it comes with an interval. */
export type Judged = Told & { effect?: ComparedMetric["effect"] };

/** In one side only. */
export const gone: Judged = { outcome: "missing", suspected: false, why: "" };
export const unknown: Judged = { outcome: "cannot_tell", suspected: false, why: "" };

/** Each metric of either side, with what the other has of it. */
export function pairsOf<T extends MetricOutcome | BaselineMetric>(
	run: RunDocument,
	others: readonly T[],
) {
	const known = new Map(others.map((other) => [metricId(other), other]));
	const own = new Set(run.metrics.map(metricId));
	return [
		...run.metrics.map((metric) => ({ metric, known: known.get(metricId(metric)) ?? null })),
		...others
			.filter((other) => !own.has(metricId(other)))
			.map((other) => ({ metric: null, known: other })),
	];
}

/** A metric of either side with what was told of it. */
export function compared(
	{ name, case: case_, unit, direction, portability }: MetricOutcome | BaselineMetric,
	metric: MetricOutcome | null,
	against: number | null,
	range: Range | null,
	told: Judged,
): ComparedMetric {
	const value = metric?.value ?? null;
	const effect = told.effect ?? effectOf(value, against ?? range?.median ?? null, direction);
	const spec = { name, case: case_, unit, direction, portability };
	const { outcome, suspected, why } = told;
	return { ...spec, value, against, range, effect, outcome, suspected, why };
}

/** A change in per cent exists only from something to something. */
function effectOf(
	value: number | null,
	against: number | null,
	direction: "lower" | "higher",
): ComparedMetric["effect"] {
	if (value === null || against === null || value <= 0 || against <= 0) return null;
	const worse = logRatio(against, value, { direction, resolution: 0 });
	return { worsePct: pctOf(worse), lowPct: null, highPct: null };
}

/** What a comparison says of the two sides as such. */
export function head(
	run: RunDocument,
	other: Pick<RunDocument, "scenarioHash" | "environment" | "versions">,
) {
	const sameScenario = run.scenarioHash === other.scenarioHash;
	const sameMachine = run.environment.fingerprint === other.environment.fingerprint;
	const notes: string[] = [];
	if (!sameScenario)
		notes.push("the scenario has changed in between: a difference may be the scenario's");
	if (!sameMachine) {
		notes.push(`another machine or Node: ${machineOf(run)}; then ${machineOf(other)}`);
	}
	const { runId, scenario, verdict, asExpected, timings, reasons } = run;
	if (timings.state === "late") notes.push(`timings are not compared: ${timings.why[0]}`);
	const why = reasons.map(({ message }) => message).join("; ");
	if (verdict === "failed") notes.push(`the run failed: ${why}`);
	if (verdict === "invalid") notes.push(`the run is invalid, its numbers say little: ${why}`);
	return {
		schema: 1 as const,
		runId,
		scenario,
		verdict,
		asExpected,
		notes,
		sameScenario,
		sameMachine,
	};
}

function machineOf({ environment, versions }: Pick<RunDocument, "environment" | "versions">) {
	const { cpu, cores, kernel } = environment;
	return `${cores} × ${cpu}, ${kernel}, Node ${versions.node ?? "unknown"}`;
}

/** `FLT_CONFLICT` where there is nothing to compare. */
export function checkEnded({ runId, state, metrics }: RunDocument): void {
	if (metrics.length > 0) return;
	throw new FaultlineError(
		"FLT_CONFLICT",
		`run ${runId} is ${state} and has no metrics`,
		"compare runs that came to their end",
	);
}
