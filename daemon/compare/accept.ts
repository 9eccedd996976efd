import { FaultlineError } from "../../base/errors.ts";
import type { MetricOutcome } from "../host/protocol.ts";
import type { RunDocument } from "../record/document.ts";
import {
	type AcceptedRun,
	type BaselineDocument,
	type BaselineEntry,
	type BaselineMetric,
	keyOf,
	keyText,
	metricId,
	rangeOf,
	seedsMin,
} from "./baseline.ts";

export interface Acceptance {
	baseline: BaselineDocument;
	/** What is other than before, a line each. */
	changes: string[];
}

/**
 * The baseline with these runs taken in, each in the place of the run of its key and seed. `FLT_CONFLICT` with all that
 * speaks against it: a run that is not done, is invalid, or did not end as expected is no baseline.
 */
export function acceptRuns(
	before: BaselineDocument | null,
	runs: readonly RunDocument[],
	{ reason, at }: { reason: string; at: string },
): Acceptance {
	const problems = [...new Set(runs.flatMap((run) => problemsOf(run, runs)))];
	if (reason.trim() === "") problems.push("no reason is given");
	if (runs.length === 0) problems.push("no run is given");
	if (problems.length > 0)
		throw new FaultlineError(
			"FLT_CONFLICT",
			problems.join("; "),
			"accept runs that ended as expected, each of another seed or key, and say why they are good",
		);
	const entries = new Map(before?.entries.map((entry) => [keyText(entry), entry]));
	for (const run of runs) {
		const text = keyText(keyOf(run));
		entries.set(text, withRun(entries.get(text) ?? null, run, reason, at));
	}
	const baseline: BaselineDocument = {
		schema: 1,
		scenario: runs[0]!.scenario,
		entries: [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry),
	};
	return { baseline, changes: changesOf(before, baseline) };
}

function problemsOf(run: RunDocument, all: readonly RunDocument[]): string[] {
	const problems: string[] = [];
	const say = (what: string) => problems.push(`run ${run.runId} ${what}`);
	if (run.state !== "done") say(`is ${run.state}, not done`);
	else if (run.verdict !== "passed" && run.verdict !== "failed") say(`is ${run.verdict}`);
	else if (run.asExpected !== true) say(`${run.verdict}, and ${run.expect} was expected`);
	if (run.exploration !== null) say("explored, and has no timeline of its own");
	if (run.duet !== null) say("is a duet, and has metrics of no side");
	if (run.scenario !== all[0]!.scenario) say(`is of ${run.scenario}, not of ${all[0]!.scenario}`);
	const rivals = all.filter(
		(other) => other.seed === run.seed && keyText(keyOf(other)) === keyText(keyOf(run)),
	);
	if (rivals.length > 1)
		problems.push(`${rivals.map(({ runId }) => runId).join(" and ")} have the same key and seed`);
	return problems;
}

function withRun(
	entry: BaselineEntry | null,
	run: RunDocument,
	reason: string,
	acceptedAt: string,
): BaselineEntry {
	const accepted: AcceptedRun = {
		seed: run.seed,
		runId: run.runId,
		reason,
		acceptedAt,
		scenarioHash: run.scenarioHash,
		versions: run.versions,
		environment: run.environment,
		loads: run.loads
			.filter(({ phase }) => phase === "steady" && run.timings.state === "clean")
			.map(({ name, case: case_, achieved_per_sec, response_us }) => ({
				name,
				case: case_,
				achieved_per_sec,
				response_us: { ...response_us },
			})),
	};
	const others = entry?.runs.filter(({ seed }) => seed !== run.seed) ?? [];
	return {
		...keyOf(run),
		metrics: mergeMetrics(entry?.metrics ?? [], run),
		runs: [...others, accepted].sort((a, b) => a.seed - b.seed),
	};
}

/** The metrics of all seeds. One that this run no longer has loses this seed's value, and goes with its last. */
function mergeMetrics(before: readonly BaselineMetric[], run: RunDocument): BaselineMetric[] {
	const seed = String(run.seed);
	const known = new Map(before.map((metric) => [metricId(metric), metric]));
	const fresh = new Map(comparable(run).map((metric) => [metricId(metric), metric]));
	return [...new Set([...known.keys(), ...fresh.keys()])]
		.sort()
		.flatMap((name): BaselineMetric[] => {
			const { [seed]: _, ...values } = known.get(name)?.values ?? {};
			const made = fresh.get(name);
			if (made !== undefined) values[seed] = rounded(made);
			if (Object.keys(values).length === 0) return [];
			const { portability, ...spec } = made ?? known.get(name)!;
			const range = portability === "bounded" ? rangeOf(Object.values(values)) : null;
			const { name: ownName, case: case_, unit, direction } = spec;
			return [{ name: ownName, case: case_, unit, direction, portability, range, values }];
		});
}

/** The metrics that say something beyond this run: of one whose generator was late, none of the machine's. */
export function comparable({ metrics, timings }: RunDocument): MetricOutcome[] {
	return metrics.filter(
		({ portability }) => timings.state === "clean" || portability !== "machine",
	);
}

/** Six digits are more than timing holds, and read better in a diff; what is exact stays so. */
function rounded({ value, portability }: MetricOutcome): number | null {
	return value === null || portability === "exact" ? value : Number(value.toPrecision(6));
}

function changesOf(before: BaselineDocument | null, after: BaselineDocument): string[] {
	return after.entries.flatMap((entry) => {
		const key = keyText(entry);
		const old = before?.entries.find((candidate) => keyText(candidate) === key);
		if (old === entry) return [];
		return [
			...seedChanges(old, entry),
			...entry.metrics.flatMap((metric) =>
				valueChanges(
					old?.metrics.find((known) => metricId(known) === metricId(metric)),
					metric,
				),
			),
			...(old?.metrics ?? [])
				.filter((known) => entry.metrics.every((metric) => metricId(metric) !== metricId(known)))
				.map((known) => `${metricId(known)}: gone`),
			...entry.metrics.flatMap(({ range, ...metric }) =>
				range !== null && range.seeds < seedsMin
					? [`${metricId(metric)}: a range over ${range.seeds} of at least ${seedsMin} seeds`]
					: [],
			),
		].map((change) => `${key}: ${change}`);
	});
}

function seedChanges(old: BaselineEntry | undefined, entry: BaselineEntry): string[] {
	const hashes = new Set(entry.runs.map(({ scenarioHash }) => scenarioHash));
	const lines = entry.runs.flatMap((run) => {
		const known = old?.runs.find(({ seed }) => seed === run.seed);
		if (known === undefined) return [`seed ${run.seed}: new, run ${run.runId}`];
		if (known === run) return [];
		const edited = known.scenarioHash === run.scenarioHash ? "" : ", the scenario has changed";
		return [`seed ${run.seed}: run ${known.runId} → ${run.runId}${edited}`];
	});
	return hashes.size > 1 ? [...lines, "its seeds are of several versions of the scenario"] : lines;
}

/** `machine` values differ every time: they are there for orientation and worth no line. */
function valueChanges(old: BaselineMetric | undefined, metric: BaselineMetric): string[] {
	if (metric.portability === "machine" || old === undefined) return [];
	return Object.entries(metric.values).flatMap(([seed, value]) => {
		const known = old.values[seed];
		if (known === undefined || known === value) return [];
		return [`${metricId(metric)} (seed ${seed}): ${known ?? "none"} → ${value ?? "none"}`];
	});
}
