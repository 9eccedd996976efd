import fc from "fast-check";
import t from "tap";
import { stream } from "../../../base/random.ts";
import { deck, inTurn } from "../../../scenarios/kit/deck.ts";

t.test("each round deals every card once, in an order that the seed decides", (t) => {
	fc.assert(
		fc.property(fc.integer(), fc.integer({ min: 1, max: 20 }), (seed, size) => {
			const cards = Array.from({ length: size }, (_, n) => n);
			const [deal, again] = [deck(stream(seed, "x"), cards), deck(stream(seed, "x"), cards)];
			for (let round = 0; round < 3; round++) {
				const dealt = cards.map(() => deal());
				t.same(
					cards.map(() => again()),
					dealt,
				);
				t.same(
					dealt.toSorted((a, b) => a - b),
					cards,
				);
			}
		}),
		{ numRuns: 20 },
	);
	t.end();
});

t.test("decks in turn are dealt from one after another", (t) => {
	const deal = inTurn([() => "a", () => "b", () => "c"]);
	t.same(Array.from({ length: 7 }, deal).join(""), "abcabca");
	t.end();
});
