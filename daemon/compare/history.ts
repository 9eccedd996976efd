import { quantileOfT, tailAbove } from "../../base/student.ts";
import { meanOf } from "./estimate.ts";
import type { Verdict } from "./verdict.ts";

/** A night's value of one metric, on this host or another. */
export interface Night {
	/** Mean over the night's runs, as measured. */
	value: number;
	fingerprint: string;
}

export interface HistoryVerdict {
	verdict: Verdict;
	/** Nights of the same fingerprint that it was held against. */
	nights: number;
	/** Today over the mean of the nights, as a log ratio, positive = worse; null where there are too few. */
	effect: { meanLog: number; lowLog: number; highLog: number; pWorse: number } | null;
}

/** Fewer say nothing about how nights differ. */
export const nightsMin = 10;
const alpha = 0.01;

/**
 * Holds today's value against earlier nights on the same machine, by a prediction interval: a night is one value,
 * however many runs it had, since what differs between nights does not average out within one.
 */
export function judgeByHistory(
	today: Night,
	nights: readonly Night[],
	metric: { direction: "lower" | "higher"; marginLog: number; resolution: number },
): HistoryVerdict {
	const { direction, marginLog, resolution } = metric;
	const sign = direction === "lower" ? 1 : -1;
	const worseness = (value: number) => sign * Math.log(Math.max(value, resolution));
	const alike = nights.filter(({ fingerprint }) => fingerprint === today.fingerprint);
	const values = alike.map(({ value }) => worseness(value));
	const k = values.length;
	if (k < nightsMin) return { verdict: "cannot_tell", nights: k, effect: null };
	const mean = meanOf(values);
	const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (k - 1));
	const spread = sd * Math.sqrt(1 + 1 / k);
	const meanLog = worseness(today.value) - mean;
	const t = meanLog === 0 ? 0 : meanLog / spread;
	const half = quantileOfT(0.975, k - 1) * spread;
	const effect = {
		meanLog,
		lowLog: meanLog - half,
		highLog: meanLog + half,
		pWorse: tailAbove(t, k - 1),
	};
	const verdict = (): Verdict => {
		if (effect.pWorse <= alpha && meanLog > marginLog / 2) return "regressed";
		if (tailAbove(-t, k - 1) <= alpha && meanLog < -marginLog / 2) return "improved";
		return effect.lowLog > -marginLog && effect.highLog < marginLog ? "same" : "cannot_tell";
	};
	return { verdict: verdict(), nights: k, effect };
}
