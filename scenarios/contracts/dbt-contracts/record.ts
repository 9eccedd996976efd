import type { Facts, GuardTrial, Truth } from "faultline";
import type { TrialReceipt } from "./trial.ts";

/** What `observe` saw. */
export type Observed = {
	/** In the order of their numbers; of a trial that did not come to an end there is none. */
	trials: TrialReceipt[];
	/** What was published, in that order: digests of all marts as one text. */
	published: { trial: number; digests: string }[];
	/** What consumers read while all that went on, each different answer once. */
	reads: { seen: Read; count: number }[];
	/** What they would read now. */
	now: Read;
};

/** Digests of all marts as one text; `nothing` before the first publication, `gone` where there was one before. */
export type Read = string;
export const nothing = "nothing";
export const gone = "gone";

/** What the seed says. */
export type Expected = {
	trials: {
		trial: number;
		change: string;
		text: string;
		truth: Truth;
		/** Of the marts; null where none must be made. */
		digests: string | null;
		/** Rows of the marts that are not as without the change. */
		changedRows: number;
	}[];
};

/** What checks, metrics and charts look at. */
export type ContractFacts = Pick<Facts<unknown, Observed, Expected>, "observed" | "expected">;

/** Every trial of the seed, with what the gate said of it. */
export function guardTrials({ observed, expected }: ContractFacts): GuardTrial[] {
	const receipts = new Map(observed.trials.map((receipt) => [receipt.trial, receipt]));
	return expected.trials.map(({ trial, change, text, truth }) => {
		const receipt = receipts.get(trial);
		return {
			name: `${trial} ${text === "" ? change : text}`,
			change,
			truth,
			verdict: receipt?.verdict ?? { kind: "none", message: "the trial did not come to an end" },
			smallest: receipt?.smallest ?? null,
		};
	});
}
