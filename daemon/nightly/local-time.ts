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
	const offsetMs = offsetsOf(timeZone);
	return {
		instantOf(readingMs) {
			const stretches = stretchesOf(offsetMs, readingMs - farthestMs, readingMs + farthestMs);
			for (const { fromMs, toMs, offsetMs } of stretches) {
				const atMs = Math.max(readingMs - offsetMs, fromMs);
				if (atMs < toMs) return atMs;
			}
			throw new RangeError(`no clock in ${timeZone} comes to ${new Date(readingMs).toISOString()}`);
		},
		latestReadingAt(ms) {
			const stretches = stretchesOf(offsetMs, ms - farthestMs, ms + 1);
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

function stretchesOf(
	offsetMs: (ms: number) => number,
	fromMs: number,
	toMs: number,
): readonly Stretch[] {
	const stretches: Stretch[] = [{ fromMs, toMs, offsetMs: offsetMs(fromMs) }];
	for (let ms = fromMs; ms < toMs; ) {
		const last = stretches.at(-1)!;
		const nextMs = Math.min(ms + 6 * hourMs, toMs);
		const offset = offsetMs(nextMs);
		if (offset !== last.offsetMs) {
			last.toMs = firstWhere((at) => offsetMs(at) === offset, ms, nextMs);
			stretches.push({ fromMs: last.toMs, toMs, offsetMs: offset });
		}
		ms = nextMs;
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
