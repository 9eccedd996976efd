import type { Look } from "../record/duet.ts";
import { type Estimate, estimate, type Noise } from "./estimate.ts";
import { judgeGates, type Verdict } from "./verdict.ts";

/** Twenty pairs at most. */
export const fullLooks: readonly Look[] = [
	{ pairs: 5, alpha: 0.009 },
	{ pairs: 10, alpha: 0.012 },
	{ pairs: 20, alpha: 0.016 },
];

/** Ten pairs at most: the nightly's. */
export const quickLooks: readonly Look[] = [
	{ pairs: 3, alpha: 0.0083 },
	{ pairs: 6, alpha: 0.0083 },
	{ pairs: 10, alpha: 0.0083 },
];

/** A gate and its pair statistics, in the order in which they were made. */
export interface GateSeries {
	name: string;
	marginLog: number;
	noise: Noise;
	pairs: readonly number[];
}

export interface GateResult {
	name: string;
	marginLog: number;
	verdict: Verdict;
	estimate: Estimate | null;
}

/** What is known after a number of pairs. */
export interface Judgement {
	/** The look that was taken; null before the first. */
	look: Look | null;
	gates: GateResult[];
	/** No more pairs: one gate regressed, all are the same, or it was the last look. */
	isFinal: boolean;
}

/**
 * The judgement of all gates over the pairs so far. Only at its looks is anything judged, each on the pairs up to it,
 * and nothing after one that was final: whoever calls after every pair gets what who calls once at the end gets.
 */
export function judgeSeries(gates: readonly GateSeries[], looks: readonly Look[]): Judgement {
	const pairs = Math.min(...gates.map((gate) => gate.pairs.length));
	let judged: Judgement | null = null;
	for (const look of looks) {
		if (look.pairs > pairs) break;
		judged = judgeAt(gates, look, look === looks.at(-1));
		if (judged.isFinal) return judged;
	}
	return judged ?? { look: null, gates: gates.map((gate) => notYet(gate)), isFinal: false };
}

function judgeAt(gates: readonly GateSeries[], look: Look, isLast: boolean): Judgement {
	const measured = gates.map(({ name, marginLog, noise, pairs }) => ({
		name,
		marginLog,
		estimate: estimate(pairs.slice(0, look.pairs), noise),
	}));
	const verdicts = judgeGates(measured, look.alpha);
	const isFinal =
		isLast || verdicts.includes("regressed") || verdicts.every((verdict) => verdict === "same");
	return { look, gates: measured.map((gate, i) => ({ ...gate, verdict: verdicts[i]! })), isFinal };
}

function notYet({ name, marginLog, noise, pairs }: GateSeries): GateResult {
	return { name, marginLog, verdict: "cannot_tell", estimate: estimate(pairs, noise) };
}
