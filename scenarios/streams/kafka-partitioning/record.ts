import { existsSync, readFileSync } from "node:fs";
import type { LatencyEntries } from "faultline";

// What a consumer writes down of its work, a line every commit interval, before it commits: what the group has
// committed is on disk, and a consumer that is killed loses one interval of its record at most, which is delivered again.

export interface Line {
	/** Milliseconds of the machine's monotonic clock. */
	atMs: number;
	/** Of the process: one that is started again writes on in the same file. */
	pid: number;
	parts: PartLine[];
	/** New messages so far whose key had shown a later one. */
	regressionCount: number;
	/** Commits so far that the group did not take, because it had been divided anew. */
	refusedCount: number;
	/** Phase → how often which latency came so far, from when a message was to be sent to the end of its work. Not in every line. */
	latency: Record<string, LatencyEntries>;
}

/** What was processed of a partition since the last line of the same session, which is one assignment of it. */
export interface PartLine {
	partition: number;
	/** Counts the assignments of the process. */
	session: number;
	/** When the session had its first message processed. */
	firstAtMs: number;
	/** Offsets `from` to `to` − 1; at `to` the consumer goes on. */
	from: number;
	to: number;
	/** Checksum over their messages. */
	sum: number;
	/** The last offset that the group took from this session; to begin with, what it began at. */
	committed: number;
	/** Keys that had not come in this session before. */
	newKeys: number[];
}

/** A part of a line, with whose it is. */
export interface PartEntry extends PartLine {
	consumer: string;
	pid: number;
	atMs: number;
}

export const recordFile = "consumed.ndjson";

/** A last line without its end was torn by the death of its writer: what it says was not committed. */
export function readRecord(path: string): Line[] {
	if (!existsSync(path)) return [];
	const lines = readFileSync(path, "utf8").split("\n");
	lines.pop();
	return lines.map((line) => JSON.parse(line) as Line);
}

/** All parts of all consumers' lines, by partition, in the order of time. */
export function partsOf(
	records: Readonly<Record<string, readonly Line[]>>,
	partitions: number,
): PartEntry[][] {
	const byPartition: PartEntry[][] = Array.from({ length: partitions }, () => []);
	for (const [consumer, lines] of Object.entries(records))
		for (const { atMs, pid, parts } of lines)
			for (const part of parts) byPartition[part.partition]?.push({ ...part, consumer, pid, atMs });
	for (const parts of byPartition) parts.sort((a, b) => a.atMs - b.atMs);
	return byPartition;
}

/** What each process has last written of the latencies of a phase. */
export function countsOf(
	records: Readonly<Record<string, readonly Line[]>>,
	phase: string,
): LatencyEntries[] {
	return Object.values(records).flatMap((lines) => {
		const last = new Map<number, LatencyEntries>();
		for (const { pid, latency } of lines)
			if (latency[phase] !== undefined) last.set(pid, latency[phase]);
		return [...last.values()];
	});
}
