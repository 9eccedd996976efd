import type { Facts } from "faultline";
import type { Outcome } from "./comparison.ts";
import type { PerTier } from "./tiers.ts";

/** How many, and the first ten of them by name. */
export type Found = { count: number; first: string[] };

/** What `observe` saw of the real objects. */
export type Observed = {
	/** Objects of which no copy lies where it should, or one with other bytes or of another version. */
	lost: Found;
	/** Copies that no pointer leads to. */
	doubled: Found;
	/** Objects with something begun and not finished. */
	unfinished: Found;
	/** Objects of which some day is billed in two tiers, or in none. */
	misbilled: Found;
	/** What the stays that the pointers tell of cost, by the meter of the oracle. */
	billedUsd: number;
	/** Actions of which a client was told that they are done, and of which it was not. */
	doneCount: number;
	notDoneCount: number;
	/** Tries under which the service, or its connections, ended. */
	interruptedCount: number;
	/** What the service that is there now has found half done at its start. */
	recovered: { finished: number; takenBack: number };
	reads: {
		count: number;
		failedCount: number;
		byTier: PerTier<number>;
		wrong: Found;
		stale: Found;
		/** Of those that nothing interrupted, sorted; at most 500 of them, evenly. */
		undisturbedMs: number[];
		/** The same of those from hot. */
		hotMs: number[];
	};
};

/** What should be there, from the seed, the prices and the policies alone. */
export type Expected = {
	objectsCount: number;
	/** Over all simulated objects. */
	outcomes: Outcome[];
	/** What the real objects cost, placed as the policy places them. */
	realUsd: number;
	/** The bill of all objects by the oracle's meter: the second path to what `outcomes` says of the policy. */
	meteredMonthlyUsd: number;
	/** USD that each policy has cost by the end of a day; points of a chart. */
	costByDay: { name: string; points: [day: number, usd: number][] }[];
	/** USD a day of storage in each tier, under the policy. */
	tiersByDay: PerTier<[day: number, usd: number][]>;
	/** Share of reads in percent by time to the first byte. */
	latency: { name: string; points: [ms: number, pct: number][] }[];
};

/** Parameters that judgements read. */
interface JudgedParams {
	readonly policy: string;
	readonly guard: "on" | "off";
	readonly savingsPctMin: number;
	readonly p95MsMax: number;
	readonly readP95MsMax: number;
	readonly recoverLimitMs: number;
}

/** What checks, metrics and charts look at. */
export type TierFacts = Facts<JudgedParams, Observed, Expected>;
