import { type Stream, stream } from "faultline";
import type { Answer } from "../job/mapping.ts";
import { ambiguous } from "./ambiguous.ts";
import type { Edit, EditKind, State } from "./edit.ts";
import { firstLayout, firstStatuses, type Layout } from "./layout.ts";
import { columnsToCome, mappable } from "./mappable.ts";
import { type Order, writtenIn } from "./world.ts";

/** One round: the source changes, rows are written, and a batch is loaded. */
export interface Round {
	/** From 1; the number of its batch. */
	number: number;
	edits: { kind: string; edit: Edit }[];
	/** Whether the source changes while the batch is being loaded. */
	during: boolean;
	/** As the source is once it has changed. */
	layout: Layout;
	/** What the rows are written by: where it changes during the load, they are there before. */
	writtenBy: Layout;
	orders: Order[];
	answers: Answer[];
}

const firstState: State = {
	layout: firstLayout,
	room: { wide: new Set(), statuses: firstStatuses, more: {} },
	labelsLeft: ["refunded", "returned", "cancelled"],
	columnsLeft: columnsToCome,
};

/** Of three changes that are drawn, one is ambiguous; a seed's first is always a new name, which no naive job survives. */
const order = ["ambiguous", "mappable", "mappable"] as const;
const companionShare = 0.35;
const duringShare = 0.3;

/** The rounds of a seed: the first loads what is there, each other one brings at least one change. */
export function roundsOf(seed: number, count: number, rows: number, schema: string): Round[] {
	const draw = stream(seed, "drift");
	const decks = { mappable: deckOf(draw, mappable), ambiguous: deckOf(draw, ambiguous) };
	const rounds: Round[] = [];
	let state = firstState;
	let written = 0;
	for (let number = 1; number <= count; number++) {
		const before = state;
		const edits: Round["edits"] = [];
		const take = (kind: string, of: EditKind): boolean => {
			const made = of(draw, state, schema);
			if (made === null || clashes(made, edits)) return false;
			edits.push({ kind, edit: made });
			state = made.state;
			return true;
		};
		if (number === 2) take("renamed-near", mappable["renamed-near"]!);
		else if (number > 2) {
			dealt(decks[order[number % order.length]!], take);
			if (draw() < companionShare) dealt(decks.mappable, take);
		}
		const during =
			edits.length > 0 &&
			edits.every(({ edit }) => edit.sameBefore && edit.alone.length === 0) &&
			draw() < duringShare;
		const writtenBy = during ? before : state;
		rounds.push({
			number,
			edits,
			during,
			layout: state.layout,
			writtenBy: writtenBy.layout,
			orders: writtenIn(seed, number, rows, written, writtenBy.room),
			answers: edits.flatMap(({ edit: { truth } }) =>
				truth.kind === "ambiguous" ? truth.answers : [],
			),
		});
		written += rows;
	}
	return rounds;
}

/** What a drop leaves looks like what an addition brings: together they would be ambiguous without being meant to be. */
function clashes(made: Edit, edits: Round["edits"]): boolean {
	if (edits.length === 0) return false;
	const drops = (edit: Edit) => / drop column | add column /.test(edit.statements.join(" "));
	return edits.some(
		({ edit }) =>
			edit.touches.some((name) => made.touches.includes(name)) || (drops(edit) && drops(made)),
	);
}

type Deck = () => [kind: string, of: EditKind][];

/** Deals every kind before any comes twice; asked for the next, it gives all in the order in which they may be tried. */
function deckOf(
	draw: Stream,
	kinds: Readonly<Record<string, EditKind>>,
): Deck & { used(kind: string): void } {
	let left: string[] = [];
	const shuffled = () => {
		const all = Object.keys(kinds);
		return Array.from(
			{ length: all.length },
			() => all.splice(Math.floor(draw() * all.length), 1)[0]!,
		);
	};
	const deck = () => {
		if (left.length === 0) left = shuffled();
		const others = Object.keys(kinds).filter((kind) => !left.includes(kind));
		return [...left, ...others].map((kind): [string, EditKind] => [kind, kinds[kind]!]);
	};
	return Object.assign(deck, {
		used(kind: string) {
			left = left.filter((one) => one !== kind);
		},
	});
}

/** The first that the source, as it is, has room for. */
function dealt(
	deck: ReturnType<typeof deckOf>,
	take: (kind: string, of: EditKind) => boolean,
): void {
	for (const [kind, of] of deck())
		if (take(kind, of)) {
			deck.used(kind);
			return;
		}
}
