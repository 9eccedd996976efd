/** What held a slot of the store, and from when to when. */
export type Work = readonly [eventId: string, startMs: number, endMs: number];

export interface Window {
	fromMs: number;
	toMs: number;
}

/**
 * Of the time of the store's slots in a window, what went into events that were answered in time, in ms. By time and not
 * by number, so that it does not matter where in its work a window begins. Work that was done twice counts once.
 */
export function usefulMs(
	work: readonly Work[],
	inTime: (eventId: string) => boolean,
	{ fromMs, toMs }: Window,
): number {
	const last = new Map(work.map((one) => [one[0], one]));
	let sum = 0;
	for (const one of last.values()) {
		const [eventId, startMs, endMs] = one;
		if (inTime(eventId)) sum += Math.max(0, Math.min(endMs, toMs) - Math.max(startMs, fromMs));
	}
	return sum;
}

/** One that was due at this instant, and whether it was answered as it should be. */
export interface Due {
	dueMs: number;
	good: boolean;
}

/**
 * How long after `fromMs` it took until of all that was due from then on 99 % were good: 0 where it was so from the first
 * one, null where it never was. They were due after `fromMs`, in this order.
 */
export function recoveredAfterMs(dues: readonly Due[], fromMs: number): number | null {
	let bad = 0;
	let first: number | null = null;
	for (let place = dues.length - 1; place >= 0; place--) {
		const { good } = dues[place]!;
		if (!good) bad += 1;
		if (good && bad <= 0.01 * (dues.length - place)) first = place;
	}
	if (first === null) return null;
	return first === 0 ? 0 : dues[first]!.dueMs - fromMs;
}
