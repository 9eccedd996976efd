import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Draws numbers in [0, 1). */
export type Stream = () => number;

/**
 * A named stream of random numbers: the same seed and name give the same numbers, and adding a stream shifts no
 * other. The name is folded into the seed by FNV-1a, 32 bits.
 */
export function stream(seed: number, name: string): Stream {
	let hash = 0x811c9dc5;
	for (const byte of Buffer.from(`${seed >>> 0}/${name}`)) {
		hash = Math.imul(hash ^ byte, 0x01000193);
	}
	const generator = xoroshiro128plus(hash);
	return () => uniformFloat64(generator);
}

/** One of a list that is not empty, each as likely as the others. */
export function pick<T>(draw: Stream, from: readonly T[]): T {
	return from[Math.floor(draw() * from.length)]!;
}

/** The same list in another order, each as likely as the others. */
export function shuffled<T>(draw: Stream, from: readonly T[]): T[] {
	const all = [...from];
	for (let i = all.length - 1; i > 0; i--) {
		const j = Math.floor(draw() * (i + 1));
		[all[i], all[j]] = [all[j]!, all[i]!];
	}
	return all;
}
