import type { JsonObject } from "../../base/json.ts";
import type { MetricSpec } from "../../scenarios/contract/facts.ts";
import type { Size } from "../../scenarios/contract/run-params.ts";
import type { Environment, RunDocument } from "../record/document.ts";

/** What runs of one scenario must have in common to be held against each other; `exact` metrics want the seed too. */
export interface BaselineKey {
	size: Size;
	guard: "on" | "off";
	/** Parameters that differ from their size's default. */
	changed: JsonObject;
}

/** `baselines/<scenario>.json`: what was accepted as good. */
export interface BaselineDocument {
	schema: 1;
	scenario: string;
	/** By key. */
	entries: BaselineEntry[];
}

export interface BaselineEntry extends BaselineKey {
	/** By case and name. */
	metrics: BaselineMetric[];
	/** By seed, one each. */
	runs: AcceptedRun[];
}

export interface BaselineMetric extends MetricSpec {
	name: string;
	case: string | null;
	/** Over the seeds; of `bounded` metrics only. */
	range: Range | null;
	/** Seed → value; null where the accepted run had none. */
	values: Record<string, number | null>;
}

export interface Range {
	min: number;
	median: number;
	max: number;
	/** Of how many seeds. */
	seeds: number;
}

/** A run that was accepted, and why; with its latency for orientation. */
export interface AcceptedRun {
	seed: number;
	runId: string;
	reason: string;
	acceptedAt: string;
	scenarioHash: string;
	versions: Record<string, string>;
	environment: Environment;
	/** In steady state. */
	loads: AcceptedLoad[];
}

export interface AcceptedLoad {
	name: string;
	case: string | null;
	achieved_per_sec: number | null;
	response_us: Record<string, number | null>;
}

/** A range over fewer seeds says too little about what timing does. */
export const seedsMin = 5;

export function keyOf({ size, params, changed }: RunDocument): BaselineKey {
	return { size, guard: params.guard, changed: sorted(changed) };
}

/** The key as people and maps read it: `size=small guard=on ratePerSec=20`. Equal for equal keys. */
export function keyText({ size, guard, changed }: BaselineKey): string {
	const own = Object.entries(sorted(changed)).map(([name, value]) => `${name}=${textOf(value)}`);
	return [`size=${size}`, `guard=${guard}`, ...own].join(" ");
}

/** The entry that holds for this run, or null. */
export function entryFor(baseline: BaselineDocument, run: RunDocument): BaselineEntry | null {
	const text = keyText(keyOf(run));
	return baseline.entries.find((entry) => keyText(entry) === text) ?? null;
}

/** The run that was accepted for this one's key: of its own seed, else of another; null where none was. */
export function acceptedFor(baseline: BaselineDocument, run: RunDocument): AcceptedRun | null {
	const runs = entryFor(baseline, run)?.runs ?? [];
	return runs.find(({ seed }) => seed === run.seed) ?? runs[0] ?? null;
}

/** A metric's name, with its case in front where there is one. */
export function metricId({ name, case: case_ }: { name: string; case: string | null }): string {
	return case_ === null ? name : `${case_}/${name}`;
}

export function rangeOf(values: readonly (number | null)[]): Range | null {
	const known = values.filter((value) => value !== null).sort((a, b) => a - b);
	if (known.length === 0) return null;
	const [low, high] = [known[(known.length - 1) >> 1]!, known[known.length >> 1]!];
	return { min: known[0]!, median: (low + high) / 2, max: known.at(-1)!, seeds: known.length };
}

function sorted(object: JsonObject): JsonObject {
	return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function textOf(value: unknown): string {
	return typeof value === "string" ? value : JSON.stringify(value);
}
