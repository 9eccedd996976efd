/** A number of 32 bits in which all bits of n matter. */
function mixed(n: number): number {
	let h = Math.imul(n ^ (n >>> 16), 0x21f0aaad);
	h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
	return (h ^ (h >>> 15)) >>> 0;
}

/**
 * Draws numbers in [0, 1) for the n-th of something: the same seed and n give the same ones, in any order that they are
 * asked for. Splitmix32, which `stream` is too slow for, and whose neighbours are alike.
 */
export function chanceOf(seed: number, n: number): () => number {
	let state = mixed(mixed(seed) + n);
	return () => {
		state = (state + 0x9e3779b9) | 0;
		return mixed(state) / 2 ** 32;
	};
}
