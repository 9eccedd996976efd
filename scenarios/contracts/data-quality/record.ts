import type { Facts, GuardTrial, Truth } from "faultline";
import type { Unit } from "./anomalies/anomaly.ts";
import type { RuleId } from "./oracle/rules.ts";
import type { TrialReceipt } from "./trial.ts";

/** What is seen when the load has ended. */
export type Observed = {
	/** In the order of their numbers; of a batch that did not come to an end there is none. */
	receipts: TrialReceipt[];
	/** Rows that the warehouse has, and that quarantine has, by batch. */
	loaded: BatchDigest[];
	quarantined: (BatchDigest & { error: string; page: string })[];
	/** What the loader has written down of each batch. */
	decided: { batch: number; state: string; broken: RuleId[] }[];
	/** Tables that are left in staging, without those of batches that nobody has decided. */
	leftInStaging: string[];
	/** Pages of the data docs, whole ones, with the places and rules that each names. */
	pages: { page: string; isWhole: boolean; named: string[] }[];
	/** What consumers saw of the batches that were there: each different count of rows, and how often. */
	reads: { batch: number; rowCount: number; count: number }[];
	readsCount: number;
	validatorStartMs: number | null;
};

/** `digest`: as `digestOf` has it. */
export type BatchDigest = { batch: number; digest: string };

/** What the seed says of a batch. */
export type ExpectedBatch = {
	batch: number;
	kind: string;
	size: number;
	unit: Unit;
	text: string;
	truth: Truth;
	/** All that it breaks, by loops over its rows. */
	broken: RuleId[];
	/** How probable it was that its mean is out of the suite's bounds; null where its weights are others for another reason. */
	chance: number | null;
	rowCount: number;
	digest: string;
};

export type Expected = { batches: ExpectedBatch[] };

/** What checks, metrics and charts look at. */
export type QualityFacts = Pick<Facts<unknown, Observed, Expected>, "observed" | "expected">;

/** Every batch of the seed, with what became of it. */
export function guardTrials({ observed, expected }: QualityFacts): GuardTrial[] {
	const receipts = new Map(observed.receipts.map((receipt) => [receipt.batch, receipt]));
	return expected.batches.map(({ batch, kind, text, truth }) => {
		const receipt = receipts.get(batch);
		return {
			name: `${batch} ${text}`,
			change: kind,
			truth,
			verdict: receipt?.verdict ?? { kind: "none", message: "it did not come to an end" },
			smallest: receipt?.smallest ?? null,
		};
	});
}
