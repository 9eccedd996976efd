import type { GateLine } from "./grants.ts";

/** What went on in a stretch of the run: messages of the replay and live writes that went to the sink, and how live did. */
export type Slice = [
	atMs: number,
	replayed: number,
	lived: number,
	/** Live writes that were due in it, and those that were not answered well in time. */
	due: number,
	late: number,
	/** The longest that a batch took the sink. */
	sinkMs: number,
];

export interface LiveDue {
	/** By the machine's monotonic clock. */
	atMs: number;
	inTime: boolean;
}

/** The run from `zeroAtMs` on, in slices of so long. */
export function timelineOf(
	lines: readonly GateLine[],
	live: readonly LiveDue[],
	{ zeroAtMs, sliceMs }: { zeroAtMs: number; sliceMs: number },
): Slice[] {
	const slices = new Map<number, Slice>();
	const sliceAt = (atMs: number): Slice => {
		const place = Math.floor((atMs - zeroAtMs) / sliceMs);
		const slice = slices.get(place) ?? [place * sliceMs, 0, 0, 0, 0, 0];
		slices.set(place, slice);
		return slice;
	};
	const replays = new Set<number>();
	for (const line of lines) {
		if (line.is === "granted") {
			sliceAt(line.atMs)[line.kind === "replay" ? 1 : 2] += line.count;
			if (line.kind === "replay") replays.add(line.id);
		} else if (line.is === "ended" && replays.has(line.id)) {
			const slice = sliceAt(line.atMs);
			slice[5] = Math.max(slice[5], Math.round(line.sinkMs));
		}
	}
	for (const { atMs, inTime } of live) {
		const slice = sliceAt(atMs);
		slice[3] += 1;
		if (!inTime) slice[4] += 1;
	}
	return [...slices.values()].sort(([a], [b]) => a - b);
}

export interface Stretch {
	fromMs: number;
	toMs: number;
}

/** Messages of the replay per second in a stretch of the run. */
export function replayPerSec(slices: readonly Slice[], { fromMs, toMs }: Stretch): number {
	const within = slices.filter(([atMs]) => atMs >= fromMs && atMs < toMs);
	return (1_000 * within.reduce((sum, [, replayed]) => sum + replayed, 0)) / (toMs - fromMs);
}

/**
 * How long after `fromMs` the replay's rate was on one side of a limit, for so long as it is looked at; null where it was
 * not up to `untilMs`.
 */
export function reachedAfterMs(
	slices: readonly Slice[],
	{ fromMs, toMs: untilMs }: Stretch,
	lookMs: number,
	isReached: (perSec: number) => boolean,
): number | null {
	const sliceMs = lookMs / 4;
	for (let startMs = fromMs; startMs + lookMs <= untilMs; startMs += sliceMs)
		if (isReached(replayPerSec(slices, { fromMs: startMs, toMs: startMs + lookMs })))
			return startMs - fromMs;
	return null;
}
