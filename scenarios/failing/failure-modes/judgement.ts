import { type Facts, loadFacts } from "../../contract/facts.ts";
import type { Judgement } from "../../contract/scenario.ts";
import { recoversInTime } from "../../kit/recovers-in-time.ts";
import type { Expected, Observed } from "./evidence.ts";
import type { P } from "./params.ts";

type ModeFacts = Facts<P, Observed, Expected>;

/** The rule that tells of batches nobody but a person can help. */
export const refusedRule = "batches-refused";

const amplificationMax = 1.5;
/** Those that a batch at a fault's edge makes or is spared: the one that is given up, and one more. */
const triesOfStraddling = 2;

/** What every mode of failure is judged by. */
export const checks = {
	"rows-exactly-once": {
		kind: "correctness",
		judge: ({ observed: { rows, batches } }) => ({
			over: rows.acceptedCount,
			ok: rows.lostCount === 0 && rows.doubledCount === 0 && rows.phantomCount === 0,
			expected: { lost: 0, doubled: 0, phantom: 0 },
			actual: rows,
			message: `of ${batches.ok} published batches ${rows.lostCount} rows are lost; ${rows.doubledCount} are doubled, ${rows.phantomCount} are of batches that were refused`,
		}),
	},
	"orders-exactly-once": {
		kind: "correctness",
		judge: ({ observed: { orders } }) => ({
			over: orders.acceptedCount,
			ok: orders.lostCount === 0 && orders.doubledCount === 0 && orders.phantomCount === 0,
			expected: { lost: 0, doubled: 0, phantom: 0 },
			actual: orders,
			message: `of ${orders.acceptedCount} published batches the order service lacks ${orders.lostCount}; it has ${orders.doubledCount} doubled and ${orders.phantomCount} that were refused`,
		}),
	},
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
	"source-and-sink-agree": {
		kind: "correctness",
		judge: ({ observed, expected }) => {
			const sums = (of: Expected) => [of.rowsDigest.checksum, of.totalsDigest.checksum];
			const agree = sums(observed).join() === sums(expected).join();
			return {
				over: expected.rowsDigest.count,
				ok: agree,
				expected: { rows: expected.rowsDigest.count, checksums: sums(expected) },
				actual: { rows: observed.rowsDigest.count, checksums: sums(observed) },
				message: `${observed.rowsDigest.count} rows of published batches in the sink, ${expected.rowsDigest.count} in the source; the checksums of rows and totals ${agree ? "agree" : "differ"}`,
			};
		},
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
	"retry-amplification": {
		kind: "correctness",
		shapedBy: "timing",
		judge: (facts) => {
			const { needed } = facts.observed.attempts;
			const actual = amplification(facts) + (triesOfStraddling * facts.straddlingCount) / needed;
			return {
				over: needed,
				ok: actual <= amplificationMax,
				expected: { atMost: amplificationMax },
				actual,
				message: `${actual.toFixed(2)} tries per step, at most ${amplificationMax} wanted`,
			};
		},
	},
	"attempts-agree": {
		kind: "correctness",
		judge: ({ observed: { attempts, publishReceived } }) => {
			// What a worker had noted may never have left it: it was killed, or stood still until the try was given up.
			// An older record does not say what was answered; all was, but for what a killed worker did again.
			const { publish: noted, republished = 0, taken = noted - republished } = attempts;
			return {
				over: noted,
				ok: publishReceived >= taken && publishReceived <= noted,
				expected: { atLeast: taken, atMost: noted },
				actual: publishReceived,
				message: `the worker noted ${noted} tries to publish, of which ${taken} were answered; the order service counted ${publishReceived}`,
			};
		},
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
	"recovers-in-time": recoversInTime,
} satisfies NonNullable<Judgement<ModeFacts>["checks"]>;

const count = { unit: "count", direction: "lower", portability: "exact" } as const;

export const metrics = {
	retry_amplification: {
		...{ unit: "ratio", direction: "lower", portability: "bounded" },
		measure: amplification,
	},
	rows_lost_count: { ...count, measure: ({ observed }) => observed.rows.lostCount },
	rows_duplicated_count: { ...count, measure: ({ observed }) => observed.rows.doubledCount },
	batches_partial_count: { ...count, measure: ({ observed }) => observed.partial.count },
	batches_refused_pct: {
		...{ unit: "pct", direction: "lower", portability: "bounded" },
		measure: ({ observed: { batches } }) =>
			(100 * batches.fail) / (batches.ok + batches.fail + batches.unknown),
	},
	/** Of the batches that were due while it was broken or just after, those that were published without a person. */
	auto_recovery_pct: {
		...{ unit: "pct", direction: "higher", portability: "bounded" },
		measure: (facts) => {
			const disturbed = (["faulting", "recovering"] as const).map(
				(phase) => loadFacts(facts, "batches", phase).summary,
			);
			const sum = (of: "ok_count" | "due_count") =>
				disturbed.reduce((total, summary) => total + summary[of], 0);
			return (100 * sum("ok_count")) / sum("due_count");
		},
	},
} satisfies NonNullable<Judgement<ModeFacts>["metrics"]>;

function amplification({ observed: { attempts } }: ModeFacts): number {
	return attempts.made / attempts.needed;
}
