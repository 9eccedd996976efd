import { meanOf, noHistory } from "../compare/estimate.ts";
import { judgePairs } from "../duet/verdict.ts";
import type { Look, Outcome, Pair } from "../record/duet.ts";

/** What many pairs of the same against the same say of one metric, beside the model that the error rates rest on. */
export interface NoiseFigures {
	name: string;
	pairs: number;
	/** Of one pair, as a log ratio. */
	sdLog: number;
	meanLog: number;
	/** Of a pair with the next one: 0 where sessions forget each other. */
	lag1: number;
	/** Pairs beyond two standard deviations; a normal distribution has 4.6 %. */
	beyondTwoSdPct: number;
	/** The greatest of them, in standard deviations. */
	furthestSd: number;
	/** Of the variance of a session's value, what both sides have in common: the model assumes 0.7. */
	commonShare: number | null;
}

/** `values`: each side's own value in each pair, to see what the sides have in common. */
export function noiseFigures(
	name: string,
	worseLog: readonly number[],
	values: readonly { a: number; b: number }[],
): NoiseFigures {
	const n = worseLog.length;
	const meanLog = meanOf(worseLog);
	const sdLog = sdOf(worseLog);
	const lagged = worseLog.slice(1).map((d, i) => (d - meanLog) * (worseLog[i]! - meanLog));
	const squares = worseLog.reduce((sum, d) => sum + (d - meanLog) ** 2, 0);
	const far = worseLog.map((d) => Math.abs(d - meanLog) / sdLog);
	return {
		name,
		pairs: n,
		sdLog,
		meanLog,
		lag1: lagged.reduce((sum, product) => sum + product, 0) / squares,
		beyondTwoSdPct: (100 * far.filter((sd) => sd > 2).length) / n,
		furthestSd: Math.max(...far),
		commonShare: values.length < 3 ? null : commonShareOf(values),
	};
}

/** The correlation of the two sides' values over the sessions: the share of their variance that is the session's. */
function commonShareOf(values: readonly { a: number; b: number }[]): number {
	const a = values.map((value) => Math.log(value.a));
	const b = values.map((value) => Math.log(value.b));
	const [meanA, meanB] = [meanOf(a), meanOf(b)];
	const covariance =
		a.reduce((sum, value, i) => sum + (value - meanA) * (b[i]! - meanB), 0) / (a.length - 1);
	return covariance / (sdOf(a) * sdOf(b));
}

function sdOf(values: readonly number[]): number {
	const mean = meanOf(values);
	return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1));
}

export interface Block {
	/** How many pairs it took. */
	pairs: number;
	outcome: Outcome;
	why: string;
}

/**
 * The verdicts of disjoint blocks: each goes on until it is final, as a duet would, and the next begins after it. Pairs
 * that are left over at the end are no block.
 */
export function blocksOf(pairs: readonly Pair[], looks: readonly Look[]): Block[] {
	const blocks: Block[] = [];
	let from = 0;
	for (let to = 1; to <= pairs.length; to++) {
		const { verdict, isFinal } = judgePairs(pairs.slice(from, to), looks, () => noHistory);
		if (!isFinal) continue;
		blocks.push({ pairs: to - from, outcome: verdict.outcome, why: verdict.why });
		from = to;
	}
	return blocks;
}
