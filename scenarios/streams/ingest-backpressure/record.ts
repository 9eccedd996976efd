import type { Digest, ExactlyOnce, JsonObject } from "faultline";
import type { Audit } from "./audit.ts";

/** What was seen of a case. */
export type Observed = {
	/** What clients were told, against what is in the store and in the log. */
	stored: ExactlyOnce;
	published: ExactlyOnce;
	/** Rows of accepted events, and the first message of each. */
	rows: Digest;
	messages: Digest;
	/** Rows whose event is not in the log. */
	unpublishedCount: number;
	/** Tries whose clients got no answer: these may not have come in. */
	unansweredCount: number;
	/** What the service decided. */
	audit: Audit;
	/** The run's zero by the clock of the decisions. */
	zeroAtMs: number;
	/** Null where nothing was accepted. */
	burst: BurstSeen | null;
	/** Measured after the load; null of the naive service, whose backlog is in the way. */
	capacityPerSec: number | null;
	/** Processor time of a refusal, measured after the load; null of the naive service, which refuses nothing. */
	refusalMs: number | null;
	timeline: Moment[];
};

/** Milliseconds of the load → requests that wait, are under way, and may be. */
export type Moment = [atMs: number, waiting: number, underWay: number, limit: number];

export interface BurstSeen extends JsonObject {
	/** Time of the store's slots in the burst that went into events which were answered in time. */
	usefulMs: number;
	/** From the burst's end until the usual load is served as it should be; null where that was not seen. */
	recoveredAfterMs: number | null;
	/** How long it was looked at. */
	lookedMs: number;
	/** Critical events of the burst. */
	criticalCount: number;
	criticalOkCount: number;
	/** Requests of the client that sent most of them in the burst. */
	mostByClient: number;
}

export type Expected = {
	/** Accepted events, made again from the seed. */
	rows: Digest;
};
