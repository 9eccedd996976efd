import type { Stream } from "../../base/random.ts";

/** Deals cards in an order that the seed decides, all of them before any comes twice. */
export function deck<T>(draw: Stream, cards: readonly T[]): () => T {
	let left: T[] = [];
	return () => {
		if (left.length === 0) left = [...cards];
		return left.splice(Math.floor(draw() * left.length), 1)[0]!;
	};
}

/** Deals from one deck after another. */
export function inTurn<T>(decks: readonly (() => T)[]): () => T {
	let n = 0;
	return () => decks[n++ % decks.length]!();
}
