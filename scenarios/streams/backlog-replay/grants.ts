import type { Kind } from "./gate.ts";

/** What the gate let through: when it was asked, when it went, and how it ended; by the machine's monotonic clock. */
export type GateLine =
	| { is: "granted"; id: number; kind: Kind; count: number; askedAtMs: number; atMs: number }
	| { is: "ended"; id: number; atMs: number; status: number; sinkMs: number }
	/** The process has begun, and lets through so many messages a second. */
	| { is: "begun"; atMs: number; capacityPerSec: number; safePerSec: number };

export type Grant = Extract<GateLine, { is: "granted" }>;

/** Where the gate writes, a line of JSON each, in its working directory. */
export const gateFile = "gate.ndjson";

export function gateLines(text: string): GateLine[] {
	// The last line of a process that was killed may be torn.
	const lines = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
	return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as GateLine);
}

/** The most messages that went in any stretch of so long. */
export function peakCount(
	grants: readonly Pick<Grant, "atMs" | "count">[],
	windowMs: number,
): number {
	let from = 0;
	let sum = 0;
	let peak = 0;
	for (const { atMs, count } of grants) {
		sum += count;
		while (grants[from]!.atMs <= atMs - windowMs) sum -= grants[from++]!.count;
		peak = Math.max(peak, sum);
	}
	return peak;
}

/** Batches of the replay that went while a live write waited that had come before. */
export function outOfTurnCount(grants: readonly Grant[]): number {
	let count = 0;
	/** Of the live writes that went later, the earliest to have come. */
	let earliestMs = Number.POSITIVE_INFINITY;
	for (const { kind, askedAtMs, atMs } of grants.toReversed()) {
		if (kind === "live") earliestMs = Math.min(earliestMs, askedAtMs);
		else if (earliestMs < atMs) count += 1;
	}
	return count;
}
