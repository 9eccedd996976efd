// What waiting buys: from the delays of activities, the share of them that is in time, that is still taken, and what is
// kept for that. Pure.

/** An activity by when it happened and when it was received. */
export interface Delayed {
	atMs: number;
	receivedMs: number;
}

/** The least delay that this share of them does not exceed, 0 to 1. */
export function quantileOf(delaysMs: readonly number[], share: number): number {
	const sorted = delaysMs.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/**
 * The share of activities that come before a window is over which is waited for so long after its end, where the watermark
 * follows what is received: one that happened early in its window has the rest of it besides.
 */
export function sharesBy(
	activities: readonly Delayed[],
	windowMs: number,
	waitsMs: readonly number[],
) {
	const needed = activities
		.map(({ atMs, receivedMs }) => {
			const endMs = Math.floor(atMs / windowMs) * windowMs + windowMs;
			return Math.max(0, receivedMs - endMs);
		})
		.sort((a, b) => a - b);
	return waitsMs.map((waitMs) => ({
		waitMs,
		share: below(needed, waitMs) / Math.max(1, needed.length),
	}));
}

/** How many windows of a user are kept at once, on average, where each is let go of so long after its end. */
export function keptWindows(windowMs: number, waitMs: number): number {
	return (windowMs + waitMs) / windowMs;
}

/** Waits from a tenth of a second to an hour, as a chart shows them. */
export const waitsMs: readonly number[] = Array.from({ length: 28 }, (_, n) =>
	Math.round(100 * 10 ** (n / 6)),
).filter((ms) => ms <= 3_600_000);

function below(sorted: readonly number[], limit: number): number {
	const first = sorted.findIndex((value) => value >= limit);
	return first === -1 ? sorted.length : first;
}
