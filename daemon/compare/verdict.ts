import type { Outcome } from "../record/duet.ts";
import type { Estimate } from "./estimate.ts";

/** The verdicts that statistics give. */
export type Verdict = Exclude<Outcome, "missing">;

/** A metric with what is known about it. */
export interface Measured {
	/** A change up to here does not matter, as a log ratio. */
	marginLog: number;
	/** Null where it could not be measured. */
	estimate: Estimate | null;
}

/** What does not matter: 5 %, and 10 % for tails and recovery times. */
export const bodyMarginLog = Math.log(1.05);
export const tailMarginLog = Math.log(1.1);

/**
 * The verdict on each gate, all of which are looked at together: Holm over the family keeps the chance of any false
 * "regressed" below `alpha`, and of any false "improved" alike.
 */
export function judgeGates(gates: readonly Measured[], alpha: number): Verdict[] {
	return judgeWith(gates, (ps) => holm(ps, alpha));
}

/** The verdicts on metrics that never fail a build: of what is flagged, a share of 2α is false (Benjamini–Hochberg). */
export function judgeAdvisory(metrics: readonly Measured[], alpha: number): Verdict[] {
	return judgeWith(metrics, (ps) => benjaminiHochberg(ps, 2 * alpha));
}

function judgeWith(
	metrics: readonly Measured[],
	reject: (ps: readonly number[]) => boolean[],
): Verdict[] {
	const worse = reject(metrics.map(({ estimate }) => estimate?.pWorse ?? 1));
	const better = reject(metrics.map(({ estimate }) => estimate?.pBetter ?? 1));
	return metrics.map(({ estimate, marginLog }, i) => {
		if (estimate === null) return "cannot_tell";
		const { meanLog, lowLog, highLog } = estimate;
		if (worse[i] && meanLog > marginLog / 2) return "regressed";
		if (better[i] && meanLog < -marginLog / 2) return "improved";
		return lowLog > -marginLog && highLog < marginLog ? "same" : "cannot_tell";
	});
}

/** Smallest p first against α over the number of those that are left; stops at the first that fails. */
export function holm(ps: readonly number[], alpha: number): boolean[] {
	const rejected = ps.map(() => false);
	for (const [rank, at] of bySize(ps).entries()) {
		if (!(ps[at]! <= alpha / (ps.length - rank))) break;
		rejected[at] = true;
	}
	return rejected;
}

/** All up to the greatest p that is within its share of q. */
export function benjaminiHochberg(ps: readonly number[], q: number): boolean[] {
	const order = bySize(ps);
	const last = order.findLastIndex((at, rank) => ps[at]! <= (q * (rank + 1)) / ps.length);
	const rejected = ps.map(() => false);
	for (const at of order.slice(0, last + 1)) rejected[at] = true;
	return rejected;
}

function bySize(ps: readonly number[]): number[] {
	return [...ps.keys()].sort((a, b) => ps[a]! - ps[b]!);
}
