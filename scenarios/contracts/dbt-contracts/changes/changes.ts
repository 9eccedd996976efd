import { deck, inTurn, pick, type Stream, simplerParts, stream, type Truth } from "faultline";
import type { Shop } from "../source.ts";
import type { Edit, EditKind } from "./edit.ts";
import { companions, harmless } from "./harmless.ts";
import { outside } from "./outside.ts";
import { violatingRows } from "./violating-rows.ts";
import { violatingShape } from "./violating-shape.ts";

/**
 * A change of the source, as one release brings it: what it is about comes first, and what came along with it after. None
 * of its parts at all is a source as it was.
 */
export type Change = Edit[];

const kinds: Record<string, EditKind> = {
	...harmless,
	...violatingRows,
	...violatingShape,
	...outside,
};

function kindOf({ kind }: Edit): EditKind {
	const found = kinds[kind];
	if (found === undefined) throw new Error(`no edit is of the kind "${kind}"`);
	return found;
}

/** Of ten changes, so many are of each truth. */
const block = [
	...Array<Truth["kind"]>(4).fill("violating"),
	...Array<Truth["kind"]>(4).fill("harmless"),
	...Array<Truth["kind"]>(2).fill("outside"),
];

/** The changes of a seed: the source as it was, and then, ten by ten, four that violate, four harmless, two outside. */
export function changesOf(seed: number, count: number, shop: Shop): Change[] {
	const draw = stream(seed, "changes");
	const nextTruth = deck(draw, block);
	const nextKind = {
		harmless: deck(draw, Object.keys(harmless)),
		// The database itself refuses many a wrong shape, so that a run with rows first needs the contract early.
		violating: inTurn([
			deck(draw, Object.keys(violatingRows)),
			deck(draw, Object.keys(violatingShape)),
		]),
		outside: deck(draw, Object.keys(outside)),
	};
	const changes: Change[] = [[]];
	while (changes.length < count) {
		const kind = nextKind[nextTruth()]();
		changes.push(changeOf(draw, { kind, ...kinds[kind]!.draw(draw, shop) }, shop));
	}
	return changes;
}

/** With up to two companions, of other tables than its own: there they can neither help nor hide it. */
function changeOf(draw: Stream, about: Edit, shop: Shop): Change {
	const change = [about];
	for (let i = Math.floor(draw() * 3); i > 0; i--) {
		const kind = pick(draw, Object.keys(companions));
		const along = { kind, ...kinds[kind]!.draw(draw, shop) };
		if (change.every(({ table }) => table !== along.table)) change.push(along);
	}
	return change;
}

/** What it is about: `column-dropped`. */
export function kindOfChange(change: Change): string {
	return change[0]?.kind ?? "unchanged";
}

/** What the change is, as the contract states it. At most one part is not harmless. */
export function truthOf(change: Change): Truth {
	const truths = change.map((edit) => kindOf(edit).truth(edit));
	return truths.find(({ kind }) => kind !== "harmless") ?? { kind: "harmless" };
}

/** The statements of a change, for one transaction on a source as the seed has it. */
export function changeSql(change: Change, shop: Shop): string[] {
	return change.flatMap((edit) => kindOf(edit).sql(edit, shop));
}

/** The shop as the marts must show it after a change that does not violate the contract. */
export function shopAfter(change: Change, shop: Shop): Shop {
	return change.reduce((shop, edit) => kindOf(edit).after?.(edit, shop) ?? shop, shop);
}

/** Simpler forms of a change: fewer parts, or half of the rows that a part touches. */
export function simplerChanges(change: Change): Iterable<Change> {
	return simplerParts(change, ({ keys, ...edit }) => {
		const half = Math.ceil(keys.length / 2);
		return keys.length < 2
			? []
			: [
					{ ...edit, keys: keys.slice(0, half) },
					{ ...edit, keys: keys.slice(half) },
				];
	});
}

/** `nulls in orders.status of 3 rows, column-added in products.note (text)`. */
export function changeText(change: Change): string {
	return change.map(editText).join(", ");
}

function editText({ kind, table, column, to, keys }: Edit): string {
	const place = column === null ? table : `${table}.${column}`;
	const rows = keys.length === 0 ? "" : ` of ${keys.length} row${keys.length === 1 ? "" : "s"}`;
	return `${kind} in ${place}${to === null ? "" : ` (${to})`}${rows}`;
}
