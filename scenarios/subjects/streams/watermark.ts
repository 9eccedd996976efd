// How far event time has come in one partition. Pure: whoever has a watermark gives it, and is given the next.

/** The times that an event carries. */
export interface Timed {
	/** When it happened, by the clock of whoever sends it, which may be wrong. */
	atMs: number;
	/** When it was received, by a clock of ours. */
	receivedMs: number;
}

/** The watermark of a partition that has shown no event yet. */
export const noTimeYet = Number.NEGATIVE_INFINITY;

/** The time that an event proves: the one that it names, but none that lies after it was received. */
export function provenMs({ atMs, receivedMs }: Timed): number {
	return Math.min(atMs, receivedMs);
}

/** After an event; what comes from now on is older by `delayMsMax` at most. */
export function afterEvent(watermarkMs: number, event: Timed, delayMsMax: number): number {
	return Math.max(watermarkMs, provenMs(event) - delayMsMax);
}

/**
 * Of a partition on which nothing is on its way, by what others have come to. It is right where partitions get their
 * events in the order in which these are received, give or take `skewMs`: what comes here later is received later than
 * all that the others have seen. Whoever asks has to look at the others first, and at the end of its own log then.
 */
export function whileQuiet(
	watermarkMs: number,
	othersMs: readonly number[],
	skewMs: number,
): number {
	return Math.max(watermarkMs, ...othersMs.map((otherMs) => otherMs - skewMs));
}

/** How a watermark stands beside a committed offset, for members that have other partitions. */
export function noteOf(watermarkMs: number): string {
	return Number.isFinite(watermarkMs) ? String(watermarkMs) : "";
}

/** The watermark in such a note. */
export function watermarkIn(note: string | null): number {
	return note === null || note === "" ? noTimeYet : Number(note);
}
