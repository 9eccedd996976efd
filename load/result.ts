import { printable } from "./error-text.ts";
import type { FoundMax, TrialOutcome } from "./find-max.ts";
import type { Measured, Reason } from "./measure.ts";
import type { Met } from "./objective.ts";
import { nothingOk } from "./offered.ts";
import type { LoadSummary } from "./summary.ts";

/** What `faultline load --json` prints (design, section 9). */
export interface LoadResult extends LoadSummary {
	schema: 1;
	target: string;
	driver: string;
	/** User and system time of this process, all its threads, from its start. */
	cpu_s: number;
	/** `failed` where nothing succeeded, or an objective was missed. */
	verdict: "passed" | "failed" | "invalid";
	reasons: {
		code: Reason["code"] | "nothing_ok" | "objective_missed" | "max_unconfirmed";
		message: string;
	}[];
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
	cpuS: number;
}

/**
 * What a load came to. Where nothing succeeded it failed, whatever else is to be said; else an invalid measurement fails
 * nothing: what it would be held against is not the target's.
 */
export function resultOf({ target, driver, measured, objective, max, cpuS }: ResultOf): LoadResult {
	const { summary } = measured;
	// Where nothing was due the measurement says so itself.
	const nothing = summary.due_count === 0 ? null : nothingOk(summary);
	const open = max === null ? [] : openOf(max);
	const missed = missedOf(summary, objective, max);
	const invalid = measured.reasons.length > 0 || open.length > 0;
	// Where it was cut short, what was to come is not known.
	const whole = measured.reasons.every(({ code }) => code !== "stopped");
	const told = !invalid || (whole && objective !== null && !objective.timed);
	const failed = nothing !== null || (told && missed.length > 0);
	return {
		schema: 1,
		target,
		driver,
		...summary,
		cpu_s: cpuS,
		verdict: failed ? "failed" : invalid ? "invalid" : "passed",
		reasons: [
			...(nothing === null ? [] : [{ code: "nothing_ok" as const, message: nothing }]),
			...measured.reasons,
			...open,
			...missed,
		],
		max: max && {
			rate_per_sec: max.ratePerSec,
			confirmed: max.confirmed,
			limited_by: max.limitedBy,
			trials: max.trials.map(({ ratePerSec, outcome }) => ({
				...{ rate_per_sec: ratePerSec, met: outcome === "met", outcome },
			})),
		},
	};
}

type Because = LoadResult["reasons"];

/** What a search leaves open. */
function openOf({ ratePerSec, confirmed, trials }: FoundMax): Because {
	if (ratePerSec === null || confirmed) return [];
	const message = `${ratePerSec}/s held, but not as often as it takes to be sure, in ${trials.length} tries: the target's maximum varies, or the search was cut short`;
	return [{ code: "max_unconfirmed", message }];
}

function missedOf(
	summary: LoadSummary,
	objective: ResultOf["objective"],
	max: FoundMax | null,
): Because {
	if (objective === null || objective.met) return [];
	if (max === null) return [{ code: "objective_missed", message: objective.message }];
	const least = Math.min(...max.trials.map(({ ratePerSec }) => ratePerSec));
	const message = `no rate was found at which it is met; at ${least}/s, the lowest that was tried, ${objective.message}`;
	return summary.due_count === 0 || max.ratePerSec !== null
		? []
		: [{ code: "objective_missed", message }];
}

/** The same for people. */
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
		["response", quantiles(r)],
		["service", quantiles(s)],
		["schedule lag", `p50 ${ms(lag.p50)}  p99 ${ms(lag.p99)}  max ${ms(lag.max)}`],
		...(result.censored.length > 0 ? [["at least", result.censored.join(", ")]] : []),
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
