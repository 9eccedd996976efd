import type { Facts } from "../contract/facts.ts";
import type { Judgement } from "../contract/judgement.ts";

/** What was tried, and what would have been needed had nothing failed. */
export interface Tries {
	made: number;
	needed: number;
}

export interface RetryLimits {
	/** What one of them is for, in a word: `order`. */
	per: string;
	/** Tries per needed one, at most. */
	most: number;
	/** Tries that an operation at a fault's edge makes or is spared. */
	ofStraddling: number;
}

/** Retries do not multiply what is asked of whoever is in trouble: at most so many tries for each that is needed. */
export function retryAmplification<F extends Pick<Facts, "straddlingCount">>(
	{ per, most, ofStraddling }: RetryLimits,
	triesIn: (facts: F) => Tries,
): Judgement<F> {
	const ratio = (facts: F) => {
		const { made, needed } = triesIn(facts);
		return made / needed;
	};
	return {
		checks: {
			"retry-amplification": {
				kind: "correctness",
				shapedBy: "timing",
				judge(facts) {
					const { needed } = triesIn(facts);
					const actual = ratio(facts) + (ofStraddling * facts.straddlingCount) / needed;
					return {
						over: needed,
						ok: actual <= most,
						expected: { atMost: most },
						actual,
						message: `${actual.toFixed(2)} tries per ${per}, at most ${most} wanted`,
					};
				},
			},
		},
		metrics: {
			retry_amplification: {
				unit: "ratio",
				direction: "lower",
				portability: "bounded",
				measure: ratio,
			},
		},
	};
}

/** How often something was tried, as the two ends counted it. */
export interface BothEnds {
	/** Sent so often at least, and at most: they differ by what may never have left a sender that died. */
	sent: { atLeast: number; atMost: number };
	received: number;
	/** In words: `the driver sent 12 tries`. */
	senderSaid: string;
	receiverSaid: string;
}

/** Both ends counted the same tries: else one of them can't be believed. */
export function attemptsAgree<F>(endsIn: (facts: F) => BothEnds): Judgement<F> {
	return {
		checks: {
			"attempts-agree": {
				kind: "correctness",
				judge(facts) {
					const { sent, received, senderSaid, receiverSaid } = endsIn(facts);
					return {
						over: sent.atMost,
						ok: received >= sent.atLeast && received <= sent.atMost,
						expected: { ...sent },
						actual: received,
						message: `${senderSaid}; ${receiverSaid}`,
					};
				},
			},
		},
	};
}
