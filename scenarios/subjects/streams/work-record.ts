import { existsSync, readFileSync } from "node:fs";
import type { LatencyEntries } from "faultline/subject";

// What a member of a consumer group writes down while it works: when, how fast, at what cost. What it has done stands in
// Kafka.

/** All times are of the machine's monotonic clock, in milliseconds. */
export type Line =
	/** A partition is ready: what it took to restore it, and where it goes on. */
	| {
			kind: "session";
			atMs: number;
			partition: number;
			position: number;
			restoredCount: number;
			restoreMs: number;
	  }
	/** A transaction is committed: messages `from` to `to` − 1. */
	| {
			kind: "commit";
			atMs: number;
			partition: number;
			from: number;
			to: number;
			resultCount: number;
			/** What is kept of the partition, by kind, in bytes of its changelog. */
			bytes: Record<string, number>;
	  }
	/** A session has failed, and why. */
	| { kind: "failure"; atMs: number; partition: number; why: string }
	/** By phase, how long it took from the last event that a result needed to its commit; all so far of this process. */
	| { kind: "latency"; atMs: number; pid: number; byPhase: Record<string, LatencyEntries> }
	/** What this process has used of the processor so far, its start included. */
	| { kind: "cpu"; atMs: number; pid: number; cpuMs: number };

/** The step of its work at which a fault hits a member in the middle of a transaction. */
export const beforeCommit = "before-commit";

export const recordFile = "work.ndjson";

/** A last line without its end was torn by the death of its writer. */
export function readRecord(path: string): Line[] {
	if (!existsSync(path)) return [];
	const lines = readFileSync(path, "utf8").split("\n");
	lines.pop();
	return lines.map((line) => JSON.parse(line) as Line);
}
