import type { FoundMax } from "./find-max.ts";
import type { Measured, Reason } from "./measure.ts";
import type { LoadSummary } from "./summary.ts";

/** What `faultline load --json` prints (design, section 9). */
export interface LoadResult extends LoadSummary {
	schema: 1;
	target: string;
	driver: string;
	/** User and system time of this process, all its threads, from its start. */
	cpu_s: number;
	/** `failed` only where there is an objective. */
	verdict: "passed" | "failed" | "invalid";
	reasons: { code: Reason["code"] | "objective_missed"; message: string }[];
	/** With `--find-max`: the highest rate that met the objective, each try, and whether it was confirmed. */
	max: {
		rate_per_sec: number | null;
		confirmed: boolean;
		trials: { rate_per_sec: number; met: boolean }[];
	} | null;
}

export interface ResultOf {
	target: string;
	driver: string;
	measured: Measured;
	objective: { met: boolean; message: string } | null;
	max: FoundMax | null;
	cpuS: number;
}

/** An invalid measurement fails nothing: what it would be held against is not the target's. */
export function resultOf({ target, driver, measured, objective, max, cpuS }: ResultOf): LoadResult {
	const missed = objective !== null && !objective.met;
	const invalid = measured.reasons.length > 0;
	return {
		schema: 1,
		target,
		driver,
		...measured.summary,
		cpu_s: cpuS,
		verdict: invalid ? "invalid" : missed ? "failed" : "passed",
		reasons: [
			...measured.reasons,
			...(missed ? [{ code: "objective_missed" as const, message: objective.message }] : []),
		],
		max: max && {
			rate_per_sec: max.ratePerSec,
			confirmed: max.confirmed,
			trials: max.trials.map(({ ratePerSec, met }) => ({ rate_per_sec: ratePerSec, met })),
		},
	};
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
		...Object.entries(result.errors).map(([code, count]) => ["", `${count} ${code}`]),
		["response", quantiles(r)],
		["service", quantiles(s)],
		["schedule lag", `p50 ${ms(lag.p50)}  p99 ${ms(lag.p99)}  max ${ms(lag.max)}`],
		...(result.censored.length > 0 ? [["at least", result.censored.join(", ")]] : []),
		["cpu", `${result.cpu_s.toFixed(2)} s`],
	];
	if (result.max !== null) {
		const { rate_per_sec, confirmed, trials } = result.max;
		const found = rate_per_sec === null ? "no rate met the objective" : `${rate_per_sec}/s`;
		rows.push([
			"maximum",
			`${found}, ${confirmed ? "confirmed" : "not confirmed"}, ${trials.length} tries`,
		]);
	}
	return `${rows.map(([name, text]) => `${name!.padEnd(13)}${text}`).join("\n")}\n`;
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
