import { clockControl, clockSeen, controlsVariable, putControl, readOffsetMs } from "./controls.ts";

/** What a subject that takes its clock as an argument is given. */
export interface SubjectClock {
	/** Milliseconds since the epoch: the real time, and the offset that a `clock-skew` fault puts on it. */
	now(): number;
}

/** An offset is at most so old when a time is read. */
const freshMs = 10;
/** While an offset is in force its end is looked for so often, by a subject that reads no time as well. */
const lookEveryMs = 50;

/**
 * The clock of this subject. Outside of a run it is `Date.now`. It says in a file which offset it applies, and so is
 * the proof that the fault has reached its victim.
 */
export function subjectClock(folder = process.env[controlsVariable]): SubjectClock {
	if (folder === undefined) return { now: Date.now };
	let offsetMs = 0;
	let told: number | null = null;
	let lookAgainAt = 0;
	let watching: NodeJS.Timeout | null = null;

	const look = () => {
		lookAgainAt = performance.now() + freshMs;
		offsetMs = readOffsetMs(folder, clockControl) ?? 0;
		if (offsetMs === told) return;
		tell(folder, offsetMs);
		told = offsetMs;
		if (offsetMs !== 0) watching ??= setInterval(look, lookEveryMs).unref();
		else if (watching !== null) {
			clearInterval(watching);
			watching = null;
		}
	};
	return {
		now() {
			if (performance.now() >= lookAgainAt) look();
			return Date.now() + offsetMs;
		},
	};
}

function tell(folder: string, offsetMs: number): void {
	try {
		putControl(folder, clockSeen, `${offsetMs}\n`);
	} catch {
		// The run is over and its folder gone: a clock is no reason for a subject to fail.
	}
}
