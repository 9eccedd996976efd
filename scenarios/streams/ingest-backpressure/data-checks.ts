import {
	acceptedOnce,
	attemptsAgree,
	digestsAgree,
	type Judgement,
	lostAndDoubled,
} from "faultline";
import { triesMax, withoutRetryAfter } from "./client.ts";
import { type CaseFacts, errorsOf, triesOf } from "./findings.ts";

/** Codes of operations of which every try had an answer, or was never sent. */
const answered = ["refused", "throttled", "http_502", "http_504", withoutRetryAfter];

/** Tries that got no answer, at most: those of accepted events are counted, of others each may be one. */
function unansweredMost(facts: CaseFacts): number {
	const others = Object.entries(errorsOf(facts)).filter(([code]) => !answered.includes(code));
	const triesOfOthers = others.reduce((sum, [, count]) => sum + triesMax * count, 0);
	return facts.observed.unansweredCount + triesOfOthers;
}

const logFirst: Judgement<CaseFacts> = {
	checks: {
		"log-first": {
			kind: "correctness",
			judge({ observed: { published, stored, unpublishedCount } }) {
				const { lostCount, phantomCount } = published;
				return {
					over: stored.foundCount,
					ok: unpublishedCount === 0 && lostCount === 0 && phantomCount === 0,
					expected: { unpublished: 0, lost: 0, refused: 0 },
					actual: { unpublished: unpublishedCount, lost: lostCount, refused: phantomCount },
					message: `of ${stored.foundCount} rows ${unpublishedCount} are not in the log; it lacks ${lostCount} accepted events, and has ${phantomCount} that were refused`,
				};
			},
		},
	},
	metrics: {
		messages_duplicated_count: {
			unit: "count",
			direction: "lower",
			portability: "bounded",
			measure: ({ observed }) => observed.published.doubledCount,
		},
	},
};

/** What was accepted is in log and store, whatever guards there are: judged of every case, of controls as well. */
export const dataChecks: readonly Judgement<CaseFacts>[] = [
	acceptedOnce("stored-once", "events", ({ observed }) => observed.stored),
	lostAndDoubled(({ observed }) => observed.stored),
	digestsAgree("contents-match", "rows, and as many messages, of accepted events", (facts) => ({
		found: [facts.observed.rows, facts.observed.messages],
		expected: [facts.expected.rows, facts.expected.rows],
	})),
	logFirst,
	attemptsAgree((facts) => {
		const { made } = triesOf(facts);
		const open = Math.min(made, unansweredMost(facts));
		const received = facts.observed.audit.receivedCount;
		return {
			sent: { atLeast: made - open, atMost: made },
			received,
			senderSaid: `the clients sent ${made} tries, ${open} of which may have been lost on their way`,
			receiverSaid: `the service received ${received}`,
		};
	}),
];
