import { isDeepStrictEqual } from "node:util";
import type { Facts, GuardTrial, Truth } from "faultline";
import type { FieldSource } from "./job/mapping.ts";
import type { RoundReceipt } from "./play-round.ts";

/** What `observe` saw. */
export type Observed = {
	/** In the order of their numbers; of a round that did not come to an end there is none. */
	rounds: RoundReceipt[];
	/** The target: its columns, and what they hold, by `fieldDigests`. */
	target: { rowCount: number; distinctCount: number; digests: Record<string, string> };
	/** What the log makes of an empty target; null where there is no log. */
	replayed:
		| { kind: "played"; sameColumns: boolean; onlyInTarget: number; onlyInReplay: number }
		| { kind: "broke"; error: string }
		| null;
	/** How many orders consumers saw while all that went on, and how often. */
	reads: { rowCount: number; count: number }[];
};

/** What the seed says. */
export type Expected = {
	rounds: {
		round: number;
		kinds: string[];
		text: string;
		truth: Truth;
		/** Where each field comes from once the batch is loaded; two of them where the source changes meanwhile. */
		sources: Record<string, FieldSource>[];
	}[];
	target: { rowCount: number; digests: Record<string, string> };
	/** Orders that there are after each batch. */
	wholeCounts: number[];
};

export type DriftFacts = Pick<Facts<unknown, Observed, Expected>, "observed" | "expected">;

/** Every round in which the source had changed, with what the job made of it: it followed, or it asked. */
export function guardTrials({ observed, expected }: DriftFacts): GuardTrial[] {
	const receipts = new Map(observed.rounds.map((receipt) => [receipt.round, receipt]));
	return expected.rounds.flatMap(({ round, kinds, text, truth }) => {
		if (kinds.length === 0) return [];
		const receipt = receipts.get(round);
		return [
			{
				name: `${round} ${text}`,
				change: kinds[0]!,
				truth,
				verdict: verdictOf(receipt),
				smallest: null,
			},
		];
	});
}

function verdictOf(receipt: RoundReceipt | undefined): GuardTrial["verdict"] {
	if (receipt === undefined) return { kind: "none", message: "the round did not come to an end" };
	const timeMs = receipt.verdictMs;
	if (receipt.asked !== null) return { kind: "blocked", message: receipt.asked.text, timeMs };
	if (receipt.result !== null) return { kind: "passed", timeMs };
	return { kind: "none", message: receipt.interrupted.at(-1) ?? "it was not run" };
}

/** Whether a field was mapped otherwise than it is meant, in any of the rounds: what was guessed wrong. */
export function wrongMappings({ observed, expected }: DriftFacts): string[] {
	const receipts = new Map(observed.rounds.map((receipt) => [receipt.round, receipt]));
	return expected.rounds.flatMap(({ round, text, sources }) => {
		const result = receipts.get(round)?.result;
		if (result?.kind !== "loaded") return [];
		return result.mapped.flatMap(({ field, source }) => {
			const meant = sources.map((all) => all[field]).filter((one) => one !== undefined);
			const isRight = meant.some((one) => isDeepStrictEqual(one, source));
			return isRight || meant.length === 0
				? []
				: [`${field} from ${JSON.stringify(source)} in round ${round} (${text})`];
		});
	});
}
