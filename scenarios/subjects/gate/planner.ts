import { deck, inTurn, type Stream, type Truth } from "faultline";

// Which changes are brought to a gate, one after another: by the seed alone.

/** Of ten changes, so many are of each truth: half of them do harm. */
const block = [
	...Array<Truth["kind"]>(4).fill("violating"),
	...Array<Truth["kind"]>(5).fill("harmless"),
	"outside" as const,
];

/** Kinds of changes by what they are; those that violate in groups, which come in these turns. */
export interface KindGroups {
	violating: Readonly<Record<string, object>>;
	turns: readonly string[];
	harmless: object;
	outside: object;
}

/** Deals the kinds of each truth, those of a group before any comes twice. */
export function kindDecks(
	draw: Stream,
	{ violating, turns, harmless, outside }: KindGroups,
): Record<Truth["kind"], () => string> {
	const decks = Object.fromEntries(
		Object.entries(violating).map(([name, group]) => [name, deck(draw, Object.keys(group))]),
	);
	return {
		violating: inTurn(turns.map((name) => decks[name]!)),
		harmless: deck(draw, Object.keys(harmless)),
		outside: deck(draw, Object.keys(outside)),
	};
}

/** What is said of a change before it is made: its truth, and then kinds of it until one can be made. */
export class Truths {
	readonly #next: () => Truth["kind"];

	constructor(draw: Stream) {
		const dealt = deck(draw, block);
		// However few there are in the end, each truth that is judged is among them.
		const first: Truth["kind"][] = ["violating", "harmless"];
		this.#next = () => first.shift() ?? dealt();
	}

	/** The next change: of the next truth, by the first of its kinds that can be made. */
	next<Made>(
		kindOf: Record<Truth["kind"], () => string>,
		make: (kind: string) => Made | null,
	): Made {
		const truth = this.#next();
		for (;;) {
			const made = make(kindOf[truth]());
			if (made !== null) return made;
		}
	}
}

/**
 * Changes one after another. Each is made of what a right gate has left of those before it, so that what is proposed hangs
 * on nothing that the gate does. Made as far as they are asked for.
 */
export class Planner<State, Planned extends { after: State }> {
	readonly first: State;
	readonly #next: (n: number, before: State) => Planned;
	readonly #made: Planned[] = [];

	constructor(first: State, next: (n: number, before: State) => Planned) {
		this.first = first;
		this.#next = next;
	}

	at(n: number): Planned {
		while (this.#made.length <= n)
			this.#made.push(this.#next(this.#made.length, this.after(this.#made.length)));
		return this.#made[n]!;
	}

	/** What a right gate has left after so many of them. */
	after(count: number): State {
		return count === 0 ? this.first : this.at(count - 1).after;
	}
}
