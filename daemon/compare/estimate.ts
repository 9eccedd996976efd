import { quantileOfT, tailAbove } from "../../base/student.ts";

/** What earlier pairs of the same against the same (A/A) say about this host's noise, on the log scale. */
export interface Noise {
	/** Mean square of the A/A pair statistics; s₀². */
	variance: number;
	/** How much it weighs, in degrees of freedom; ν₀. 0 where there is no history. */
	df: number;
}

export const noHistory: Noise = { variance: 0, df: 0 };

const historyPairs = 20;
const historyDfMax = 8;
const confidence = 0.95;

/** The noise by the last 20 A/A pairs, which are given oldest first, all of one fingerprint. */
export function noiseOf(history: readonly number[]): Noise {
	const last = history.slice(-historyPairs);
	if (last.length === 0) return noHistory;
	const variance = last.reduce((sum, d) => sum + d * d, 0) / last.length;
	return { variance, df: Math.min(historyDfMax, Math.floor(last.length / 2)) };
}

/** How much worse B is than A, as a log ratio: 0.1 is about 10 % worse, −0.1 about 10 % better. */
export interface Estimate {
	pairs: number;
	/** Mean of the pair statistics; e. */
	meanLog: number;
	/** Noise of one pair, by these pairs and the history; s. */
	sdLog: number;
	df: number;
	/** One-sided: how likely an effect at least as bad is where there is none. */
	pWorse: number;
	pBetter: number;
	/** Of the two-sided 95 % interval, not corrected for several looks or metrics. */
	lowLog: number;
	highLog: number;
}

/**
 * The moderated estimate of N pairs: their variance and the history's, weighed by their degrees of freedom. Null where
 * there is too little to tell any noise: without history it needs three pairs.
 */
export function estimate(pairs: readonly number[], noise: Noise): Estimate | null {
	const n = pairs.length;
	if (n === 0 || (noise.df === 0 && n < 3)) return null;
	const meanLog = meanOf(pairs);
	const squares = pairs.reduce((sum, d) => sum + (d - meanLog) ** 2, 0);
	const df = noise.df + n - 1;
	const sdLog = Math.sqrt((noise.df * noise.variance + squares) / df);
	const se = sdLog / Math.sqrt(n);
	// Without any noise every difference is certain, and none is none.
	const t = meanLog === 0 ? 0 : meanLog / se;
	const half = quantileOfT(1 - (1 - confidence) / 2, df) * se;
	return {
		pairs: n,
		meanLog,
		sdLog,
		df,
		pWorse: tailAbove(t, df),
		pBetter: tailAbove(-t, df),
		lowLog: meanLog - half,
		highLog: meanLog + half,
	};
}

export function meanOf(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A log ratio as a change in per cent: ln 1.1 is 10. */
export function pctOf(log: number): number {
	return 100 * Math.expm1(log);
}
