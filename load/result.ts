import { printable } from "./error-text.ts";
import type { FoundMax, Trial, TrialOutcome } from "./find-max.ts";
import { isAllTheGenerators } from "./generator-limits.ts";
import { readRestarts } from "./kafka-client.ts";
import type { Measured, Reason } from "./measure.ts";
import type { Met } from "./objective.ts";
import { nothingOk } from "./offered.ts";
import { type Redirects, redirectsOf, redirectsText } from "./redirects.ts";
import type { LoadSummary } from "./summary.ts";

/** What `faultline load --json` prints. */
export interface LoadResult extends LoadSummary {
	schema: 1;
	target: string;
	driver: string;
	/** User and system time of this process, all its threads, from its start. */
	cpu_s: number;
	/** `failed` where nothing succeeded, a statement was wrong, or an objective was missed. */
	verdict: "passed" | "failed" | "invalid";
	reasons: {
		code:
			| Reason["code"]
			| "nothing_ok"
			| "statement_wrong"
			| "objective_missed"
			| "generator_late"
			| "max_unconfirmed";
		message: string;
	}[];
	/** Whether the timings may be compared with others: not where the generator was late, or the host stood still. */
	timings: { state: "clean" | "late"; lateness_ms: number; why: string[] };
	/** HTTP answers that lead elsewhere; null where there were none. */
	redirects: Redirects | null;
	/** What else happened that a reader of the numbers should know. */
	notes: string[];
	/** With `--find-max`: the highest rate that met the objective, whether it was confirmed, what kept it from more. */
	max: {
		rate_per_sec: number | null;
		confirmed: boolean;
		limited_by: FoundMax["limitedBy"];
		trials: { rate_per_sec: number; met: boolean; outcome: TrialOutcome }[];
	} | null;
}

export interface ResultOf {
	target: string;
	driver: string;
	measured: Measured;
	objective: Met | null;
	max: FoundMax | null;
	/** What is to be told of the load as it was asked for. */
	notes: readonly string[];
	cpuS: number;
}

/**
 * What a load came to. Where nothing succeeded it failed, whatever else is to be said; else an invalid measurement fails
 * nothing: what it would be held against is not the target's.
 */
export function resultOf({
	target,
	driver,
	measured,
	objective,
	max,
	notes,
	cpuS,
}: ResultOf): LoadResult {
	const { summary } = measured;
	// Where nothing was due, or the generator could not connect, the measurement says so itself.
	const isTargets = summary.due_count > 0 && !isAllTheGenerators(summary);
	const nothing = isTargets ? nothingOk(summary) : null;
	const wrong = nothing === null ? wrongOf(driver, summary) : [];
	const open = openOf(objective, max);
	const missed = missedOf(summary, objective, max);
	const invalid = measured.reasons.length > 0 || open.length > 0;
	// Where it was cut short, what was to come is not known.
	const whole = measured.reasons.every(({ code }) => code === "nothing_due");
	const told = !invalid || (whole && objective !== null && !objective.timed);
	const failed = nothing !== null || wrong.length > 0 || (told && missed.length > 0);
	return {
		schema: 1,
		target,
		driver,
		...summary,
		cpu_s: cpuS,
		verdict: failed ? "failed" : invalid ? "invalid" : "passed",
		reasons: [
			...(nothing === null ? [] : [{ code: "nothing_ok" as const, message: nothing }]),
			...wrong,
			...measured.reasons,
			...open,
			...missed,
		],
		timings: timingsOf(measured),
		redirects: redirectsOf(measured.intervals),
		notes: [...notes, ...notesOf(measured)],
		max: max && {
			rate_per_sec: max.ratePerSec,
			confirmed: max.confirmed,
			limited_by: max.limitedBy,
			trials: max.trials.map(({ ratePerSec, outcome }) => ({
				rate_per_sec: ratePerSec,
				met: outcome === "met",
				outcome,
			})),
		},
	};
}

type Because = LoadResult["reasons"];

function timingsOf({ summary: { lateness }, late }: Measured): LoadResult["timings"] {
	const us = lateness === null ? 0 : Math.max(lateness.added_us, lateness.hidden_us);
	const lateness_ms = Math.round(us / 100) / 10;
	return { state: late.length > 0 ? "late" : "clean", lateness_ms, why: late };
}

/** SQL that is a mistake wherever it runs: syntax, names and rights (class 42), or a value that is missing. */
const wrongSql = /^(42[0-9A-Z]{3}|08P01)$/;

function wrongOf(driver: string, { due_count, errors, error_samples }: LoadSummary): Because {
	if (!driver.startsWith("postgres")) return [];
	const wrong = Object.entries(errors).filter(([code]) => wrongSql.test(code));
	const [first] = wrong;
	if (first === undefined) return [];
	const counts = wrong.map(([code, count]) => `${code} ${count}`).join(", ");
	const message = `of ${due_count} operations due some were statements that are wrong: ${counts}; ${first[0]} said: ${error_samples[first[0]]}`;
	return [{ code: "statement_wrong", message }];
}

function notesOf({ intervals }: Measured): string[] {
	const restarts = intervals.reduce(
		(sum, { counters }) => sum + (counters[`target.${readRestarts}`] ?? 0),
		0,
	);
	if (restarts === 0) return [];
	const times = restarts === 1 ? "once" : `${restarts} times`;
	return [
		`reading began anew at the log's start ${times}: the topic was created anew, or what was to be read had been removed; what was lost so is among the deadlines`,
	];
}

/** What is not known: an objective that depends on how the generator's lateness is taken, or a maximum that varies. */
function openOf(objective: Met | null, max: FoundMax | null): Because {
	if (objective === null) return [];
	const late = (message: string): Because => [{ code: "generator_late", message }];
	if (max === null) return objective.met === null ? late(objective.message) : [];
	if (max.ratePerSec === null) {
		const least = leastTried(max);
		if (least?.outcome !== "invalid") return [];
		return late(
			`the generator was too late to tell at every rate, down to ${least.ratePerSec}/s: ${objective.message}`,
		);
	}
	if (max.confirmed) return [];
	const message = `${max.ratePerSec}/s held, but not as often as it takes to be sure, in ${max.trials.length} tries: the target's maximum varies, or the search was cut short`;
	return [{ code: "max_unconfirmed", message }];
}

function leastTried({ trials }: FoundMax): Trial | null {
	return trials.reduce<Trial | null>(
		(least, trial) => (least === null || trial.ratePerSec <= least.ratePerSec ? trial : least),
		null,
	);
}

function missedOf(
	summary: LoadSummary,
	objective: ResultOf["objective"],
	max: FoundMax | null,
): Because {
	if (objective === null || summary.due_count === 0) return [];
	if (max === null)
		return objective.met === false
			? [{ code: "objective_missed", message: objective.message }]
			: [];
	const least = leastTried(max);
	if (max.ratePerSec !== null || least?.outcome !== "missed") return [];
	const message = `no rate was found at which it is met; at ${least.ratePerSec}/s, the lowest that was tried, ${objective.message}${objective.met === true ? ", but the rate was not reached" : ""}`;
	return [{ code: "objective_missed", message }];
}

/** The result as a table for people. */
export function resultText(result: LoadResult): string {
	const { response_us: r, service_us: s, schedule_lag_us: lag } = result;
	const rows = [
		["target", result.target],
		["verdict", result.verdict],
		...result.reasons.map(({ code, message }) => ["", `${code}: ${message}`]),
		["offered", `${rate(result.offered_per_sec)}, ${result.due_count} operations due`],
		["achieved", rate(result.achieved_per_sec)],
		[
			"outcome",
			`${result.ok_count} ok, ${result.fail_count} fail, ${result.unknown_count} unknown, ${result.dropped_count} dropped`,
		],
		...errorLines(result).map((line) => ["", line]),
		...(result.redirects === null ? [] : [["redirects", redirectsText(result.redirects)]]),
		["response", quantiles(r)],
		["service", quantiles(s)],
		["schedule lag", `p50 ${ms(lag.p50)}  p99 ${ms(lag.p99)}  max ${ms(lag.max)}`],
		...lateLines(result.timings).map((line, i) => [i === 0 ? "late" : "", line]),
		...(result.censored.length > 0 ? [["at least", result.censored.join(", ")]] : []),
		...result.notes.map((note) => ["note", note]),
		["cpu", `${result.cpu_s.toFixed(2)} s`],
	];
	if (result.max !== null) {
		const { rate_per_sec, confirmed, limited_by, trials } = result.max;
		const found = rate_per_sec === null ? "no rate met the objective" : `${rate_per_sec}/s`;
		rows.push([
			"maximum",
			`${found}, ${confirmed ? "confirmed" : "not confirmed"}, ${trials.length} tries${
				limited_by === "generator" ? "; beyond it this generator was late, not the target" : ""
			}`,
		]);
	}
	return `${rows.map(([name, text]) => `${name!.padEnd(13)}${text}`).join("\n")}\n`;
}

function lateLines({ state, lateness_ms, why }: LoadResult["timings"]): string[] {
	if (state === "clean") return [];
	return [`up to ${lateness_ms} ms; compare these timings with no others`, ...why];
}

/** The commonest first, each with what one of them said. */
function errorLines({ errors, error_samples }: LoadResult): string[] {
	return Object.entries(errors)
		.sort(([, a], [, b]) => b - a)
		.map(([code, count]) => `${count} ${printable(code)}  ${error_samples[code] ?? ""}`.trimEnd());
}

type Quantiles = LoadResult["response_us"];

function quantiles({ p50, p90, p99, p99_9, max, mean }: Quantiles): string {
	return `p50 ${ms(p50)}  p90 ${ms(p90)}  p99 ${ms(p99)}  p99.9 ${ms(p99_9)}  max ${ms(max)}  mean ${ms(mean)}`;
}

export function ms(us: number | null): string {
	if (us === null) return "–";
	const value = us / 1000;
	return `${value >= 100 ? value.toFixed(0) : Number(value.toPrecision(3))} ms`;
}

function rate(perSec: number | null): string {
	return perSec === null ? "–" : `${Number(perSec.toPrecision(5))}/s`;
}
