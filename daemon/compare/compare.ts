import { FaultlineError } from "../../base/errors.ts";
import type { MetricOutcome } from "../host/protocol.ts";
import type { RunDocument } from "../runs/document.ts";
import {
	type BaselineDocument,
	type BaselineMetric,
	entryFor,
	keyOf,
	keyText,
	metricId,
	type Range,
} from "./baseline.ts";
import { type ComparedMetric, type ComparisonDocument, overall } from "./document.ts";
import { pctOf } from "./estimate.ts";
import { judgeMachine } from "./machine.ts";
import type { NightRecord } from "./nights.ts";
import { logRatio } from "./pair.ts";
import { judgeBounded, judgeExact, type Told } from "./portable.ts";

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
	for (const repeat of repeats) checkRepeat(run, repeat);
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
		const tell = (): Told => {
			if (metric === null) return { ...gone, why: "the baseline has it, the run has not" };
			if (known === null) return { ...unknown, why: "the baseline does not have it yet" };
			switch (metric.portability) {
				case "exact":
					if (accepted === null)
						return { ...unknown, why: `the baseline has seeds ${seeds.join(", ")}, not ${seed}` };
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
		const tell = (): Told => {
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
		...{ against: { kind: "run", runId: other.runId }, repeats: [] },
		...{ outcome: overall(metrics), metrics },
	};
}

const gone: Told = { outcome: "missing", suspected: false, why: "" };
const unknown: Told = { outcome: "cannot_tell", suspected: false, why: "" };

/** Each metric of either side, with what the other has of it. */
function pairsOf<T extends MetricOutcome | BaselineMetric>(run: RunDocument, others: readonly T[]) {
	const known = new Map(others.map((other) => [metricId(other), other]));
	const own = new Set(run.metrics.map(metricId));
	return [
		...run.metrics.map((metric) => ({ metric, known: known.get(metricId(metric)) ?? null })),
		...others
			.filter((other) => !own.has(metricId(other)))
			.map((other) => ({ metric: null, known: other })),
	];
}

function compared(
	{ name, case: case_, unit, direction, portability }: MetricOutcome | BaselineMetric,
	metric: MetricOutcome | null,
	against: number | null,
	range: Range | null,
	told: Told & { effect?: ComparedMetric["effect"] },
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

function valueIn(run: RunDocument, wanted: MetricOutcome): number | null {
	return run.metrics.find((metric) => metricId(metric) === metricId(wanted))?.value ?? null;
}

/** What a comparison says of the two sides as such. */
function head(run: RunDocument, other: Pick<RunDocument, "scenarioHash" | "environment">) {
	const sameScenario = run.scenarioHash === other.scenarioHash;
	const sameMachine = run.environment.fingerprint === other.environment.fingerprint;
	const notes: string[] = [];
	if (!sameScenario)
		notes.push("the scenario has changed in between: a difference may be the scenario's");
	if (!sameMachine) {
		const { cpu, cores, kernel } = other.environment;
		const here = run.environment;
		notes.push(
			`another machine: ${here.cores} × ${here.cpu}, ${here.kernel}; then ${cores} × ${cpu}, ${kernel}`,
		);
	}
	const { runId, scenario, verdict, asExpected } = run;
	if (verdict === "invalid") notes.push("the run is invalid: its numbers say little");
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

function differing(run: RunDocument, other: RunDocument): string {
	const text = (document: RunDocument) => `${keyText(keyOf(document))} seed=${document.seed}`;
	return `the runs are not of one key: ${text(run)}; ${text(other)}`;
}

function checkEnded({ runId, state, metrics }: RunDocument): void {
	if (metrics.length > 0) return;
	throw new FaultlineError(
		"FLT_CONFLICT",
		`run ${runId} is ${state} and has no metrics`,
		"compare runs that came to their end",
	);
}

function checkRepeat(run: RunDocument, repeat: RunDocument): void {
	checkEnded(repeat);
	const same =
		repeat.scenario === run.scenario &&
		repeat.seed === run.seed &&
		repeat.scenarioHash === run.scenarioHash &&
		repeat.runId !== run.runId &&
		keyText(keyOf(repeat)) === keyText(keyOf(run));
	if (same) return;
	throw new FaultlineError(
		"FLT_CONFLICT",
		`run ${repeat.runId} does not repeat ${run.runId}`,
		"a repeat is another run of the same scenario, parameters and seed",
	);
}
