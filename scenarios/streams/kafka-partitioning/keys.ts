// Which key the n-th message has. All chance is in the numbers that are given.

export interface KeyOptions {
	keys: number;
	/** Zipf's exponent: the k-th most frequent key comes k^-exponent as often as the first. 0: all the same. */
	exponent: number;
	/** A number in [0, 1) at each call, from the run's seed. */
	random: () => number;
}

/** Draws are made once, and the n-th message has the (n mod so many)-th: a draw costs more than a lookup. */
export const ringSize = 16_384;

/** Keys 0 to `keys` − 1, key 0 the most frequent. */
export function drawKeys({ keys, exponent, random }: KeyOptions): Uint32Array {
	const below = new Float64Array(keys);
	let sum = 0;
	for (let key = 0; key < keys; key++) {
		sum += (key + 1) ** -exponent;
		below[key] = sum;
	}
	return Uint32Array.from({ length: ringSize }, () => firstAbove(below, random() * sum));
}

/** The share that each key has of what was drawn. */
export function keyShares(drawn: Uint32Array, keys: number): number[] {
	const counts = new Array<number>(keys).fill(0);
	for (const key of drawn) counts[key]! += 1;
	return counts.map((count) => count / drawn.length);
}

function firstAbove(sorted: Float64Array, value: number): number {
	let low = 0;
	let high = sorted.length - 1;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (sorted[middle]! > value) high = middle;
		else low = middle + 1;
	}
	return low;
}
