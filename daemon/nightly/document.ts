import type { ComparedMetric } from "../compare/document.ts";
import type { Outcome } from "../compare/verdict.ts";
import type { Environment, Reason, RunState, Verdict } from "../runs/document.ts";
import type { NightlyPlan } from "./settings.ts";

/** What a nightly says of a scenario, a duet, or the night; the worst first, but for what is not run at all. */
export const nightlyOutcomes = [
	"not_as_expected",
	"regressed",
	"invalid",
	"not_run",
	"as_expected",
] as const;
export type NightlyOutcome = (typeof nightlyOutcomes)[number];

/** A nightly's summary: `$FAULTLINE_HOME/nightly/<id>.json`. */
export interface NightlyDocument {
	schema: 1;
	id: string;
	/** Its date where it was planned; what the kept nights are counted by. */
	night: string;
	askedBy: "schedule" | "person";
	startedAt: string;
	endedAt: string;
	outcome: NightlyOutcome;
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
	outcome: NightlyOutcome;
	/** One sentence. */
	why: string;
	/** Null where nothing was run. */
	run: NightlyRun | null;
	/** Why nothing was run. */
	error: { code: string; message: string } | null;
	/** Runs that were made to confirm a suspicion. */
	repeats: string[];
	/** Null where none was accepted for this key. */
	baseline: { key: string; seeds: number[] } | null;
	notes: string[];
	metrics: ComparedMetric[];
}

export interface NightlyRun {
	runId: string;
	state: RunState;
	verdict: Verdict | null;
	expect: "passed" | "failed";
	asExpected: boolean;
	reasons: Reason[];
	/** Checks that did not hold, with their sentences. */
	failed: { id: string; case: string | null; message: string }[];
	tookMs: number;
}

/** Two variants of one scenario, the pinned one first. */
export interface NightlyDuet {
	scenario: string;
	a: Record<string, string | number | boolean>;
	b: Record<string, string | number | boolean>;
	outcome: NightlyOutcome;
	/** What the pairs say; null where there are none. */
	told: Exclude<Outcome, "missing"> | null;
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

const codes = { not_as_expected: 10, regressed: 11, invalid: 12, not_run: 12, as_expected: 0 };
const ofMissingComponent = 13;
const ofFailedHeal = 14;

/** The worst of all results, and the exit code: 14 before 10 before 11 before 12 before 13. */
export function verdictOf(
	results: readonly Pick<NightlyResult, "outcome" | "error" | "run">[],
	duets: readonly Pick<NightlyDuet, "outcome">[],
	stopped: string | null,
): { outcome: NightlyOutcome; exitCode: number } {
	// A duet that was not run leaves a question open; a scenario that was not run leaves the night unjudged.
	const judged = duets.filter(({ outcome }) => outcome !== "not_run");
	const outcomes = [...results, ...judged].map(({ outcome }) => outcome);
	const worst = nightlyOutcomes.find((outcome) => outcomes.includes(outcome)) ?? "not_run";
	const outcome = stopped !== null && worst === "as_expected" ? "not_run" : worst;
	const unhealed = results.some(({ run }) =>
		run?.reasons.some(({ code }) => code === "heal_failed"),
	);
	if (unhealed) return { outcome, exitCode: ofFailedHeal };
	const notRun = results.filter((result) => result.outcome === "not_run");
	const onlyMissing =
		outcome === "not_run" &&
		notRun.length > 0 &&
		stopped === null &&
		notRun.every(({ error }) => error?.code === "FLT_COMPONENT_MISSING");
	return { outcome, exitCode: onlyMissing ? ofMissingComponent : codes[outcome] };
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
	const parts = nightlyOutcomes
		.filter((outcome) => outcome !== "as_expected")
		.flatMap((outcome) => {
			const titles = all.filter((one) => one.outcome === outcome).map(({ title }) => title);
			if (titles.length === 0) return [];
			const shown = titles.slice(0, namesMax).join(", ");
			const more = titles.length > namesMax ? ` and ${titles.length - namesMax} more` : "";
			return [`${titles.length} ${wordsOf(outcome)} (${shown}${more})`];
		});
	const good = all.filter(({ outcome }) => outcome === "as_expected").length;
	const early = stopped === null ? [] : [`it ended early: ${stopped}`];
	const open = duets.filter(({ told }) => told === "cannot_tell").length;
	const untold = open === 0 ? [] : [`${open} ${open === 1 ? "duet" : "duets"} can't tell`];
	if (all.length === 0) return [...early, "nothing was run"].join("; ");
	if (parts.length === 0)
		return [`all ${good} as expected, nothing regressed`, ...untold, ...early].join("; ");
	return [...parts, ...untold, ...early, `${good} of ${all.length} as expected`].join("; ");
}
const namesMax = 3;

export function wordsOf(outcome: NightlyOutcome): string {
	return outcome.replaceAll("_", " ");
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
