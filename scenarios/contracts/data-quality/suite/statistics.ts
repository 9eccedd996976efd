import { grams } from "../sales/sale.ts";

// What the one statistical rule of the suite is worth, by arithmetic: the mean of a parcel's weight.

/** As the suite has it: of a hundred batches that are as always, one is rejected by chance. */
export const falseAlarmPct = 1;
/** Half of that lies beyond so many standard errors, on either side. */
export const standardErrors = 2.5758293035489004;

/** Between which the mean of so many weights has to lie. */
export function meanBounds(rowCount: number): { least: number; most: number } {
	const margin = (standardErrors * grams.sd) / Math.sqrt(Math.max(1, rowCount));
	return { least: grams.mean - margin, most: grams.mean + margin };
}

/** How probable it is that a batch is rejected by its mean, where all of its weights are so many standard deviations off. */
export function chanceToReject(sigmas: number, rowCount: number): number {
	const shift = sigmas * Math.sqrt(rowCount);
	return normalBelow(-standardErrors - shift) + normalBelow(-standardErrors + shift);
}

/** P(Z ≤ z) of the standard normal distribution; by a rational approximation that is good to 7 digits. */
export function normalBelow(z: number): number {
	const t = 1 / (1 + 0.231_641_9 * Math.abs(z));
	const sum =
		t *
		(0.319_381_53 +
			t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
	const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * sum;
	return z < 0 ? tail : 1 - tail;
}

/**
 * How probable it is that at most, and that at least, so many of these come about, each by its own chance. Small where what
 * was counted does not go with the chances.
 */
export function tailsOf(
	chances: readonly number[],
	count: number,
): { atMost: number; atLeast: number } {
	let exactly = [1];
	for (const chance of chances) {
		const next = new Array<number>(exactly.length + 1).fill(0);
		for (const [k, p] of exactly.entries()) {
			next[k]! += p * (1 - chance);
			next[k + 1]! += p * chance;
		}
		exactly = next;
	}
	const sum = (some: readonly number[]) => some.reduce((a, b) => a + b, 0);
	return { atMost: sum(exactly.slice(0, count + 1)), atLeast: sum(exactly.slice(count)) };
}
