import { type Latency, latencyOf } from "faultline";
import type { Line } from "./work-record.ts";

/** A partition that was given to somebody, who restored its state and went on at `position`. */
export type Session = {
	partition: number;
	/** In run time, when it was ready. */
	atMs: number;
	position: number;
	restoredCount: number;
	restoreMs: number;
	/** What had been committed of the partition by then, as far as anybody wrote it down. */
	committed: number;
};

/** What an engine says of its own work. */
export type Work = {
	/** From the first that was ready to the last of the messages that were there before, in run time. */
	replay: { fromMs: number; toMs: number } | null;
	/** From the last event that a result needed to its commit; of results in steady state. */
	latency: Latency;
	/** What was kept over time by kind, in bytes of what it is restored from; thinned out, the greatest of each stretch. */
	state: { atMs: number; bytes: Record<string, number> }[];
	sessions: Session[];
	/** Sessions that ended with a transaction that failed, or of which nobody knows; the first of them. */
	failedCount: number;
	failed: { partition: number; atMs: number; why: string }[];
	/** Of the processor, by all processes that there were, as far as they told before they ended. */
	cpuMs: number;
};

type Commit = Extract<Line, { kind: "commit" }>;

const statePointsMax = 500;
const failedMax = 20;

/** What the lines of all consumers say together, in run time. */
export function workOf(
	lines: readonly Line[],
	backlogEnds: readonly number[],
	zeroMs: number,
): Work {
	const inOrder = lines.toSorted((a, b) => a.atMs - b.atMs);
	const commits = inOrder.filter((line) => line.kind === "commit");
	const failed = inOrder.filter((line) => line.kind === "failure");
	const counted = new Map<number, Extract<Line, { kind: "latency" }>>();
	const cpuMsOf = new Map<number, number>();
	for (const line of inOrder)
		if (line.kind === "latency") counted.set(line.pid, line);
		else if (line.kind === "cpu") cpuMsOf.set(line.pid, line.cpuMs);
	return {
		replay: replayOf(inOrder, backlogEnds, zeroMs),
		latency: latencyOf([...counted.values()].map(({ byPhase }) => byPhase.steady ?? [])),
		state: stateOf(commits, zeroMs),
		sessions: sessionsOf(inOrder, zeroMs),
		failedCount: failed.length,
		failed: failed.slice(0, failedMax).map(({ partition, atMs, why }) => ({
			partition,
			atMs: Math.round(atMs - zeroMs),
			why,
		})),
		cpuMs: [...cpuMsOf.values()].reduce((sum, cpuMs) => sum + cpuMs, 0),
	};
}

function replayOf(
	inOrder: readonly Line[],
	backlogEnds: readonly number[],
	zeroMs: number,
): Work["replay"] {
	const first = inOrder.find(({ kind }) => kind === "session");
	if (first === undefined || backlogEnds.every((end) => end === 0)) return null;
	let lastMs = first.atMs;
	for (const [partition, end] of backlogEnds.entries()) {
		if (end === 0) continue;
		const reached = inOrder.find(
			(line) => line.kind === "commit" && line.partition === partition && line.to >= end,
		);
		if (reached === undefined) return null;
		lastMs = Math.max(lastMs, reached.atMs);
	}
	return { fromMs: Math.round(first.atMs - zeroMs), toMs: Math.round(lastMs - zeroMs) };
}

/** The sum over all partitions after each commit; of a stretch of them the greatest. */
function stateOf(commits: readonly Commit[], zeroMs: number): Work["state"] {
	const now = new Map<number, Commit>();
	const all = commits.map((commit) => {
		now.set(commit.partition, commit);
		const parts = [...now.values()].map(({ bytes }) => bytes);
		return { atMs: Math.round(commit.atMs - zeroMs), bytes: byKind(parts, (a, b) => a + b) };
	});
	const stretch = Math.ceil(all.length / statePointsMax);
	const points: Work["state"] = [];
	for (let from = 0; from < all.length; from += stretch) {
		const some = all.slice(from, from + stretch);
		const greatest = byKind(
			some.map(({ bytes }) => bytes),
			Math.max,
		);
		points.push({ atMs: some[0]!.atMs, bytes: greatest });
	}
	return points;
}

function byKind(
	all: readonly Record<string, number>[],
	put: (a: number, b: number) => number,
): Record<string, number> {
	const together: Record<string, number> = {};
	for (const one of all)
		for (const [kind, bytes] of Object.entries(one))
			together[kind] = put(together[kind] ?? 0, bytes);
	return together;
}

function sessionsOf(inOrder: readonly Line[], zeroMs: number): Session[] {
	const committed = new Map<number, number>();
	return inOrder.flatMap((line) => {
		if (line.kind === "commit")
			committed.set(line.partition, Math.max(line.to, committed.get(line.partition) ?? 0));
		if (line.kind !== "session") return [];
		const { partition, position, restoredCount, restoreMs } = line;
		return [
			{
				partition,
				atMs: Math.round(line.atMs - zeroMs),
				position,
				restoredCount,
				restoreMs: Math.round(restoreMs),
				committed: committed.get(partition) ?? 0,
			},
		];
	});
}
