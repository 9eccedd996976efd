import { about, type Check, type Judgement, retryAmplification } from "faultline";
import { withoutRetryAfter } from "./client.ts";
import { type CaseFacts, errorCount, errorPct, errorsOf, isJudged, triesOf } from "./findings.ts";
import { budgetShare, contractOf } from "./params.ts";
import { guardedPolicy } from "./policies.ts";

/** What a request may take longer on its way than another, so that more of them come in a while than were sent in it. */
const jitterMs = 100;

const queueBounded: Check<CaseFacts> = {
	kind: "correctness",
	judge({ params, observed: { audit } }) {
		const { queueMax } = guardedPolicy(params);
		const { receivedCount, waitingMax, underWayMax, overLimitCount } = audit;
		return {
			over: receivedCount,
			ok: waitingMax <= (queueMax ?? 0) && overLimitCount === 0,
			expected: { waitingAtMost: queueMax, overLimit: 0 },
			actual: { waiting: waitingMax, overLimit: overLimitCount },
			message: `at most ${waitingMax} requests waited (${queueMax} may) and ${underWayMax} were under way, ${overLimitCount} of them over the limit`,
		};
	},
};

const deadlinesKept: Check<CaseFacts> = {
	kind: "correctness",
	judge({ observed: { audit } }) {
		const { startedCount, forNobodyCount } = audit;
		return {
			over: startedCount,
			ok: forNobodyCount === 0,
			expected: 0,
			actual: forNobodyCount,
			message: `of ${startedCount} events ${forNobodyCount} were begun when their clients had given up`,
		};
	},
};

const importantFirst: Check<CaseFacts> = {
	kind: "correctness",
	judge({ observed: { audit } }) {
		const { shedCount, unfairCount, outOfTurnCount } = audit;
		return {
			over: shedCount,
			ok: unfairCount === 0 && outOfTurnCount === 0,
			expected: { unfair: 0, outOfTurn: 0 },
			actual: { unfair: unfairCount, outOfTurn: outOfTurnCount },
			message: `of ${shedCount} that were shed ${unfairCount} were not the least important, and ${outOfTurnCount} were begun before their turn`,
		};
	},
};

const refusalsSayWhen: Check<CaseFacts> = {
	kind: "correctness",
	judge(facts) {
		const silent = errorsOf(facts)[withoutRetryAfter] ?? 0;
		const { refusedCount } = facts.observed.audit;
		return {
			over: refusedCount,
			ok: silent === 0,
			expected: 0,
			actual: silent,
			message: `of ${refusedCount} refusals ${silent} did not say when to come again`,
		};
	},
};

const withinContract: Check<CaseFacts> = {
	kind: "correctness",
	shapedBy: "timing",
	judge({ params, observed: { burst } }) {
		const { ratePerSec, burst: atOnce } = contractOf(params);
		const most = Math.floor(atOnce + (ratePerSec * (params.burstMs + 2 * jitterMs)) / 1_000);
		const seen = burst?.mostByClient ?? 0;
		return {
			over: seen,
			ok: seen <= most,
			expected: { atMost: most },
			actual: seen,
			message: `the client that sent most came with ${seen} requests in the burst, its contract allows ${most}`,
		};
	},
};

const downstreamErrors: Check<CaseFacts> = {
	kind: "correctness",
	shapedBy: "timing",
	judge(facts) {
		const pct = errorPct(facts) ?? 0;
		const { startedCount } = facts.observed.audit;
		return {
			over: startedCount,
			ok: pct < 1,
			expected: { belowPct: 1 },
			actual: pct,
			message: `of ${startedCount} events that were begun ${errorCount(facts)} failed at what lies behind the service, while that was whole`,
		};
	},
};

/** What the guards are for, by what is counted. */
export const guardChecks: readonly Judgement<CaseFacts>[] = [
	about(isJudged, {
		checks: {
			"queue-bounded": queueBounded,
			"deadlines-kept": deadlinesKept,
			"within-contract": withinContract,
			"downstream-errors": downstreamErrors,
		},
	}),
	about((facts) => isJudged(facts) && facts.observed.audit.shedCount > 0, {
		checks: { "important-first": importantFirst },
	}),
	about((facts) => isJudged(facts) && facts.observed.audit.refusedCount > 0, {
		checks: { "refusals-say-when": refusalsSayWhen },
	}),
	// A budget is full when a client begins, with one retry, and each event pays in its share: no timing makes more of it.
	about(
		isJudged,
		retryAmplification({ per: "event", most: 1 + 2 * budgetShare, ofStraddling: 0 }, triesOf),
	),
];
