/**
 * The clock on the wall in one time zone. A reading is the milliseconds that a clock in UTC which shows the same would
 * have counted; zones are IANA names.
 */
export interface LocalClock {
	/** The first instant at which the clock shows `readingMs` or more: one that it leaves out comes as it jumps over it. */
	instantOf(readingMs: number): number;
	/** The greatest reading of all until this instant: after the clock was put back, it once showed more. */
	latestReadingAt(ms: number): number;
}

const hourMs = 3_600_000;
/** No zone is farther than this from UTC, and none was put back by more, nor twice in it. */
const farthestMs = 26 * hourMs;

export function localClock(timeZone: string): LocalClock {
	const stepAt = stepsOf(timeZone);
	return {
		instantOf(readingMs) {
			const stretches = stretchesOf(stepAt, readingMs - farthestMs, readingMs + farthestMs);
			for (const { fromMs, toMs, offsetMs } of stretches) {
				const atMs = Math.max(readingMs - offsetMs, fromMs);
				if (atMs < toMs) return atMs;
			}
			throw new RangeError(`no clock in ${timeZone} comes to ${new Date(readingMs).toISOString()}`);
		},
		latestReadingAt(ms) {
			const stretches = stretchesOf(stepAt, ms - farthestMs, ms + 1);
			return Math.max(...stretches.map(({ toMs, offsetMs }) => toMs - 1 + offsetMs));
		},
	};
}

/** A stretch of time in which the clock is not put forward or back; its end is not in it. */
interface Stretch {
	fromMs: number;
	toMs: number;
	offsetMs: number;
}

/** Six hours, in which no clock is changed twice: by how much it is ahead at first, and from when on by how much. */
interface Step {
	offsetMs: number;
	/** The end of the step where it is not changed. */
	changedMs: number;
	nextOffsetMs: number;
}
const stepMs = 6 * hourMs;

/** The step that begins at this multiple of its length. Each is found out once: to ask Intl takes longer than all else. */
function stepsOf(timeZone: string): (beginMs: number) => Step {
	const offsetMs = offsetsOf(timeZone);
	const known = new Map<number, Step>();
	const found = (beginMs: number): Step => {
		const endMs = beginMs + stepMs;
		const [first, last] = [
			known.get(beginMs - stepMs)?.nextOffsetMs ?? offsetMs(beginMs),
			offsetMs(endMs),
		];
		const changedMs =
			first === last ? endMs : firstWhere((at) => offsetMs(at) === last, beginMs, endMs);
		return { offsetMs: first, changedMs, nextOffsetMs: last };
	};
	return (beginMs) => {
		const step = known.get(beginMs) ?? found(beginMs);
		known.set(beginMs, step);
		return step;
	};
}

function stretchesOf(
	stepAt: (beginMs: number) => Step,
	fromMs: number,
	toMs: number,
): readonly Stretch[] {
	const stretches: Stretch[] = [];
	for (let ms = Math.floor(fromMs / stepMs) * stepMs; ms < toMs; ms += stepMs) {
		const { offsetMs, changedMs, nextOffsetMs } = stepAt(ms);
		if (stretches.length === 0) stretches.push({ fromMs: ms, toMs, offsetMs });
		if (offsetMs === nextOffsetMs || changedMs >= toMs) continue;
		stretches.at(-1)!.toMs = changedMs;
		stretches.push({ fromMs: changedMs, toMs, offsetMs: nextOffsetMs });
	}
	return stretches;
}

/** The first of these whole milliseconds for which it holds: it does at the last, and from then on. */
function firstWhere(holds: (ms: number) => boolean, fromMs: number, toMs: number): number {
	let [before, at] = [fromMs, toMs];
	while (at - before > 1) {
		const middle = Math.floor((before + at) / 2);
		if (holds(middle)) at = middle;
		else before = middle;
	}
	return at;
}

/** By how much the clock is ahead of UTC; whole seconds. */
function offsetsOf(timeZone: string): (ms: number) => number {
	const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
	return (ms) => {
		const shown = format.formatToParts(ms).find(({ type }) => type === "timeZoneName")!.value;
		const [, sign, hours = "0", minutes = "0", seconds = "0"] =
			/^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(shown) ?? [];
		const size = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
		return (sign === "-" ? -size : size) * 1_000;
	};
}
