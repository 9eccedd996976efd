import { latencyOf } from "faultline";
import type { Session, Work } from "./engine.ts";
import type { Line } from "./record.ts";

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
	for (const line of inOrder) if (line.kind === "latency") counted.set(line.pid, line);
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
		let [windowBytes, idsBytes] = [0, 0];
		for (const one of now.values()) {
			windowBytes += one.windowBytes;
			idsBytes += one.idsBytes;
		}
		return { atMs: Math.round(commit.atMs - zeroMs), windowBytes, idsBytes };
	});
	const stretch = Math.ceil(all.length / statePointsMax);
	const points: Work["state"] = [];
	for (let from = 0; from < all.length; from += stretch) {
		const some = all.slice(from, from + stretch);
		points.push({
			atMs: some[0]!.atMs,
			windowBytes: Math.max(...some.map(({ windowBytes }) => windowBytes)),
			idsBytes: Math.max(...some.map(({ idsBytes }) => idsBytes)),
		});
	}
	return points;
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
