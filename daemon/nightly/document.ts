import type { ComparedMetric } from "../compare/document.ts";
import type { Environment } from "../record/document.ts";
import type { Outcome as Told } from "../record/duet.ts";
import { type Outcome, wrongAmong } from "../summary/outcome.ts";
import { firstTriesText, type RunResult } from "../summary/run-result.ts";
import type { NightlyPlan } from "./settings.ts";

/** A nightly's summary: `$FAULTLINE_HOME/nightly/<id>.json`. */
export interface NightlyDocument {
	schema: 1;
	id: string;
	/** Its date where it was planned; what the kept nights are counted by. */
	night: string;
	askedBy: "schedule" | "person";
	startedAt: string;
	endedAt: string;
	outcome: Outcome;
	exitCode: number;
	/** The verdict in words. */
	headline: string;
	/** Why it ended early; null where it came to its end. */
	stopped: string | null;
	plan: Omit<NightlyPlan, "webhook">;
	/** Nightlies before this one that were planned and did not happen. */
	missed: Missed[];
	results: NightlyResult[];
	duets: NightlyDuet[];
	/** Told, and nothing more: they fail no night. */
	changes: Change[];
	/** How many machine metrics were held against earlier nights; they share one error rate. */
	judgedByHistory: number;
	environment: Environment;
	versions: Record<string, string>;
}

export interface Missed {
	plannedAt: string;
	why: string;
}

/** One scenario with one guard. */
export interface NightlyResult {
	scenario: string;
	guard: "on" | "off";
	outcome: Outcome;
	/** One sentence. */
	why: string;
	/** Null where nothing was run. */
	run: RunResult | null;
	/** Why nothing was run. */
	error: { code: string; message: string } | null;
	/** Runs that were made to confirm a suspicion. */
	repeats: string[];
	/** Null where none was accepted for this key. */
	baseline: { key: string; seeds: number[] } | null;
	notes: string[];
	metrics: ComparedMetric[];
}

/** Two variants of one scenario, the pinned one first. */
export interface NightlyDuet {
	scenario: string;
	a: Record<string, string | number | boolean>;
	b: Record<string, string | number | boolean>;
	outcome: Outcome;
	/** What the pairs say; null where there are none. */
	told: Exclude<Told, "missing"> | null;
	why: string;
	/** A line per metric. */
	sentences: string[];
	pairs: number;
	dropped: number;
	runId: string | null;
	/** The pair of the pinned variant with itself, which measures the host's noise. */
	noiseRunId: string | null;
}

/** A level that has changed over the nights. */
export interface Change {
	scenario: string;
	/** Of which kept numbers: a run's own, or a duet's ratio. */
	series: "nights" | "ratios";
	metric: string;
	/** The first night of the new level. */
	night: string;
	worsePct: number;
	/** Of this split alone. */
	p: number;
}

/** The verdict as a person says it; what went wrong comes first, with names. */
export function headlineOf(
	results: readonly NightlyResult[],
	duets: readonly NightlyDuet[],
	stopped: string | null,
): string {
	const all = [
		...results.map((result) => ({ outcome: result.outcome, title: titleOf(result) })),
		...duets
			.filter(({ outcome }) => outcome !== "not_run")
			.map((duet) => ({ outcome: duet.outcome, title: duetTitle(duet) })),
	];
	const parts = wrongAmong(all);
	const first = firstTriesText(results);
	const good = all.filter(({ outcome }) => outcome === "as_expected").length;
	const early = stopped === null ? [] : [`it ended early: ${stopped}`];
	const open = duets.filter(({ told }) => told === "cannot_tell").length;
	const untold = open === 0 ? [] : [`${open} ${open === 1 ? "duet" : "duets"} can't tell`];
	if (all.length === 0) return [...early, "nothing was run"].join("; ");
	if (parts.length === 0)
		return [`all ${good} as expected, ${first}, nothing regressed`, ...untold, ...early].join("; ");
	return [...parts, ...untold, ...early, `${good} of ${all.length} as expected, ${first}`].join(
		"; ",
	);
}

export function titleOf({ scenario, guard }: Pick<NightlyResult, "scenario" | "guard">): string {
	return guard === "on" ? scenario : `${scenario} guard=off`;
}

export function duetTitle({ scenario, a, b }: Pick<NightlyDuet, "scenario" | "a" | "b">): string {
	return `duet of ${scenario}: ${paramsText(b)} against ${paramsText(a)}`;
}

function paramsText(params: NightlyDuet["a"]): string {
	const texts = Object.entries(params).map(([name, value]) => `${name}=${value}`);
	return texts.join(" ") || "as it is";
}
