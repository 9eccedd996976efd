import {
	acceptedOnce,
	attemptsAgree,
	countOf,
	digestsAgree,
	type Facts,
	type Judgement,
	loadFacts,
	lostAndDoubled,
	pctOf,
	recovery,
	retryAmplification,
} from "faultline";
import type { Expected, Observed } from "./evidence.ts";
import type { P } from "./params.ts";

type ModeFacts = Facts<P, Observed, Expected>;

/** The rule that tells of batches nobody but a person can help. */
export const refusedRule = "batches-refused";

/** Those that a batch at a fault's edge makes or is spared: the one that is given up, and one more. */
const triesOfStraddling = 2;

/** What every mode of failure is judged by. */
export const judgement: Judgement<ModeFacts>[] = [
	acceptedOnce("rows-exactly-once", "rows", ({ observed }) => observed.rows),
	acceptedOnce("orders-exactly-once", "batches", ({ observed }) => observed.orders),
	lostAndDoubled(({ observed }) => observed.rows),
	digestsAgree("source-and-sink-agree", "rows of published batches", ({ observed, expected }) => ({
		found: [observed.rowsDigest, observed.totalsDigest],
		expected: [expected.rowsDigest, expected.totalsDigest],
	})),
	attemptsAgree(({ observed: { attempts, publishReceived } }) => {
		// What a worker had noted may never have left it: it was killed, or stood still until the try was given up.
		// An older record does not say what was answered; all was, but for what a killed worker did again.
		const { publish: noted, republished = 0, taken = noted - republished } = attempts;
		return {
			sent: { atLeast: taken, atMost: noted },
			received: publishReceived,
			senderSaid: `the worker noted ${noted} tries to publish, of which ${taken} were answered`,
			receiverSaid: `the order service counted ${publishReceived}`,
		};
	}),
	retryAmplification(
		{ per: "step", most: 1.5, ofStraddling: triesOfStraddling },
		({ observed }) => observed.attempts,
	),
	recovery,
	{
		checks: {
			"nothing-partial": {
				kind: "correctness",
				judge: ({ observed: { partial, rows } }) => ({
					over: rows.foundCount,
					ok: partial.count === 0,
					expected: 0,
					actual: partial.count,
					message:
						partial.count === 0
							? "every batch is there as a whole, or not at all"
							: `${partial.count} batches are there in part: ${partial.first[0]}`,
				}),
			},
			"each-batch-answered": {
				kind: "correctness",
				shapedBy: "timing",
				judge: ({ observed: { batches }, straddlingCount }) => ({
					over: batches.ok + batches.fail + batches.unknown,
					// In time they might have been answered; those that were answered are judged as they are.
					ok: batches.unknown + Math.min(0, straddlingCount) <= 0,
					expected: 0,
					actual: batches.unknown,
					message: `${batches.ok} batches were published, ${batches.fail} refused as a whole; of ${batches.unknown} the scheduler was told nothing`,
				}),
			},
			"what-cannot-recover-is-told": {
				kind: "correctness",
				shapedBy: "timing",
				judge: ({ observed: { batches }, alerts }) => {
					const fired = alerts.find(({ rule }) => rule === refusedRule)?.firedMs.length ?? 0;
					return {
						over: null, // refused is what no batch should be
						ok: batches.fail === 0 || fired > 0,
						expected: batches.fail > 0,
						actual: fired > 0,
						message: `${batches.fail} batches were refused for a person to look at; the alert fired ${fired} times`,
					};
				},
			},
		},
		metrics: {
			batches_partial_count: countOf(({ observed }) => observed.partial.count),
			batches_refused_pct: pctOf(
				"lower",
				({ observed: { batches } }) =>
					(100 * batches.fail) / (batches.ok + batches.fail + batches.unknown),
			),
			/** Of the batches that were due while it was broken or just after, those that were published without a person. */
			auto_recovery_pct: pctOf("higher", (facts) => {
				const disturbed = (["faulting", "recovering"] as const).map(
					(phase) => loadFacts(facts, "batches", phase).summary,
				);
				const sum = (of: "ok_count" | "due_count") =>
					disturbed.reduce((total, summary) => total + summary[of], 0);
				return (100 * sum("ok_count")) / sum("due_count");
			}),
		},
	},
];
