import type { Digest, ExactlyOnce, JsonObject } from "faultline";
import type { Coverage } from "./coverage.ts";
import type { Slice } from "./timeline.ts";

/** What was seen of a run. */
export type Observed = {
	/** The replay has said that it has done all. */
	finished: boolean;
	/** Messages of the backlog as the sink has them: their number and the sum of their fingerprints, by key. */
	replayed: Digest;
	/** What the batches that it has come to. */
	coverage: Coverage;
	/** Live writes, against what clients were told. */
	live: ExactlyOnce;
	/** Keys, and those whose value is not the newest that the sink has had. */
	keyCount: number;
	staleCount: number;
	gate: GateSeen;
	/** Null where nothing was replayed. */
	replay: ReplaySeen | null;
	sliceMs: number;
	timeline: Slice[];
};

export interface GateSeen extends JsonObject {
	capacityPerSec: number;
	safePerSec: number;
	grantCount: number;
	/** Most messages that went in any second. */
	peakPerSec: number;
	outOfTurnCount: number;
}

export interface ReplaySeen extends JsonObject {
	/** From its first batch to its last answer, in run time. */
	fromMs: number;
	toMs: number;
	/** Batches that the sink did not take, or not with a yes. */
	errorCount: number;
}

export type Expected = {
	/** The same messages, made again from the seed. */
	replayed: Digest;
};
