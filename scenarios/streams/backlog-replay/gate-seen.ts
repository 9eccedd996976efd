import { type GateLine, type Grant, outOfTurnCount, peakCount } from "./grants.ts";
import type { GateSeen, ReplaySeen } from "./record.ts";

const windowMs = 1_000;

/** What the gate let through. Of a process that had to begin anew, the most that it then held for safe. */
export function gateSeen(lines: readonly GateLine[]): GateSeen {
	const begun = lines.filter((line) => line.is === "begun");
	const grants = grantsIn(lines);
	return {
		capacityPerSec: Math.max(...begun.map(({ capacityPerSec }) => capacityPerSec)),
		safePerSec: Math.max(...begun.map(({ safePerSec }) => safePerSec)),
		grantCount: grants.length,
		peakPerSec: peakCount(grants, windowMs),
		outOfTurnCount: outOfTurnCount(grants),
	};
}

function grantsIn(lines: readonly GateLine[]): Grant[] {
	return lines.filter((line) => line.is === "granted");
}

/** The replay as the gate saw it, in milliseconds from `zeroAtMs`. */
export function replaySeen(lines: readonly GateLine[], zeroAtMs: number): ReplaySeen | null {
	const replays = grantsIn(lines).filter(({ kind }) => kind === "replay");
	const first = replays[0];
	if (first === undefined) return null;
	const ids = new Set(replays.map(({ id }) => id));
	const ends = lines.filter((line) => line.is === "ended").filter(({ id }) => ids.has(id));
	return {
		fromMs: first.atMs - zeroAtMs,
		toMs: (ends.at(-1)?.atMs ?? replays.at(-1)!.atMs) - zeroAtMs,
		errorCount: ends.filter(({ status }) => status !== 200).length,
	};
}
