import { pick, type Stream, simplerParts, stream, type Truth } from "faultline";
import { kindDecks, Planner, Truths } from "../../../subjects/gate/planner.ts";
import { firstShop, type Shop } from "../shop/shop.ts";
import {
	type Change,
	type Kind,
	type Made,
	migrationName,
	type Part,
	shopAfter,
	truthOf,
	type Way,
} from "./change.ts";
import { companions, harmless } from "./harmless.ts";
import { outsideKinds } from "./outside.ts";
import { harmlessPairs, violatingPairs } from "./pairs.ts";
import { violatingContract } from "./violating-contract.ts";
import { violatingRepository } from "./violating-repository.ts";
import { violatingStructure } from "./violating-structure.ts";
import { violatingValues } from "./violating-values.ts";

const violatingGroups = {
	structure: violatingStructure,
	repository: violatingRepository,
	values: violatingValues,
	contract: violatingContract,
	pairs: violatingPairs,
} as const;
/** Groups in the order in which their kinds come: pairs are few, and cost most. */
const turns = [
	"structure",
	"repository",
	"values",
	"contract",
	"pairs",
	"repository",
	"structure",
	"values",
	"repository",
	"contract",
] as const satisfies (keyof typeof violatingGroups)[];
const harmlessKinds: Record<string, Kind> = { ...harmless, ...harmlessPairs };
const kinds: Record<string, Kind> = Object.assign(
	{},
	...Object.values(violatingGroups),
	harmlessKinds,
	outsideKinds,
);
export const kindNames = Object.keys(kinds);

/** A change, with the shop that it is made of, and what the shop has to be once the gate has decided rightly. */
export interface Planned extends Change {
	truth: Truth;
	before: Shop;
	after: Shop;
}

/** What becomes of a seed's repository, one change after another. */
export class Changes extends Planner<Shop, Planned> {
	constructor(seed: number) {
		const draw = stream(seed, "changes");
		const truths = new Truths(draw);
		const nextKind = kindDecks(draw, {
			violating: violatingGroups,
			turns,
			harmless: harmlessKinds,
			outside: outsideKinds,
		});
		super(firstShop(seed), (n, before) =>
			truths.next(nextKind, (kind) => changeOf(kind, draw, before, n)),
		);
	}
}

/** A change of one kind, for tests of them all; null where the shop has nothing for it. */
export function changeOf(kind: string, draw: Stream, shop: Shop, n: number): Planned | null {
	const made = kinds[kind]!(draw, shop, n);
	return made === null ? null : planned(draw, { n, kind, ...shapeOf(made) }, shop);
}

function shapeOf(made: Made): { way: Way; parts: Part[] } {
	if ("way" in made) return made;
	return { way: { kind: "proposed" }, parts: [made].flat() };
}

/** With up to two companions, made of what is there after what the change is about. */
function planned(draw: Stream, change: Change, before: Shop): Planned {
	const parts = [...change.parts];
	if (change.way.kind === "proposed")
		for (let more = Math.floor(draw() * 3); more > 0; more--) {
			const kind = companions[pick(draw, Object.keys(companions) as (keyof typeof companions)[])];
			const part = kind(draw, shopAfter(before, parts, migrationName(change)));
			parts.push(part);
		}
	const whole = { ...change, parts };
	return { ...whole, truth: truthOf(whole), before, after: acceptedShop(whole, before) };
}

/** What main holds where the gate has decided rightly. */
function acceptedShop(change: Change, before: Shop): Shop {
	const first = () => shopAfter(before, change.parts, migrationName(change));
	switch (change.way.kind) {
		case "push":
			return before;
		case "proposed":
			return truthOf(change).kind === "violating" ? before : first();
		case "pair": {
			const { second } = change.way;
			return truthOf(change).kind === "violating"
				? first()
				: shopAfter(first(), second, migrationName(change, 1));
		}
		default:
			return change.way satisfies never;
	}
}

/** Simpler forms of a change that slipped through: fewer parts, or half of the rows that a part touches. */
export function* simplerChanges(change: Planned): Generator<Planned> {
	for (const parts of simplerParts(change.parts, (part) => part.smaller?.() ?? [])) {
		const truth = truthOf({ ...change, parts });
		if (truth.kind === "violating") yield { ...change, parts, truth };
	}
}
