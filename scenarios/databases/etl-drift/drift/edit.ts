import { pick, type Stream } from "faultline";
import type { Answer, FieldSource } from "../job/mapping.ts";
import type { Layout, SourceColumn } from "./layout.ts";
import type { Room } from "./world.ts";

/** The source as a whole: how the table is, and what it has room for. */
export interface State {
	layout: Layout;
	room: Room;
	/** Statuses that are still to come. */
	labelsLeft: readonly string[];
	/** Columns that are still to come. */
	columnsLeft: readonly string[];
}

/** What a mapping has to make of a change of the source. */
export type EditTruth =
	| { kind: "mappable" }
	/** Nothing in the source says how it is meant: `rule` and every word of `place` belong into the question. */
	| { kind: "ambiguous"; rule: string; place: string[]; answers: Answer[] };

/** One change of the source. */
export interface Edit {
	/** For people: `rename quantity to qty`. */
	text: string;
	/** Statements that can't be used in the transaction that they are run in; run twice, they do nothing. */
	alone: string[];
	statements: string[];
	state: State;
	truth: EditTruth;
	/** Columns and fields that it touches: two edits of one round touch different ones. */
	touches: string[];
	/** What rows have, for which it was there already, of a column that came with a default; by column. */
	filled: Record<string, string>;
	/** Whether a run that has the source as it was before brings the same. */
	sameBefore: boolean;
}

/** A kind of change, drawn for a source as it is; null where there is nothing left of which it could be one. */
export type EditKind = (draw: Stream, state: State, schema: string) => Edit | null;

/** A mappable edit, with what differs from one that changes nothing. */
export function edit(
	state: State,
	parts: Pick<Edit, "text" | "statements" | "touches"> & Partial<Edit>,
): Edit {
	return {
		alone: [],
		state,
		truth: { kind: "mappable" },
		filled: {},
		sameBefore: false,
		...parts,
	};
}

/** The column that holds a field as it is, where there is one. */
export function columnOf({ columns }: Layout, field: string): SourceColumn | undefined {
	return columns.find(({ holds }) => holds.kind === "field" && holds.field === field);
}

/** One of these fields that a column holds as it is; null where none is. */
export function pickColumn(
	draw: Stream,
	layout: Layout,
	fields: readonly string[],
): { field: string; column: SourceColumn } | null {
	const held = fields.flatMap((field) => {
		const column = columnOf(layout, field);
		return column === undefined ? [] : [{ field, column }];
	});
	return held.length === 0 ? null : pick(draw, held);
}

/** The layout with some columns instead of others, at the end, and where fields come from now. */
export function relaid(
	layout: Layout,
	gone: readonly string[],
	come: readonly SourceColumn[],
	sources: Record<string, FieldSource>,
): Layout {
	return {
		...layout,
		columns: [...layout.columns.filter(({ name }) => !gone.includes(name)), ...come],
		sources: { ...layout.sources, ...sources },
	};
}

/** The layout with a column that is called, or typed, otherwise where it is. */
export function changed(
	layout: Layout,
	name: string,
	into: Partial<SourceColumn>,
	sources: Record<string, FieldSource> = {},
): Layout {
	return {
		...layout,
		columns: layout.columns.map((column) =>
			column.name === name ? { ...column, ...into } : column,
		),
		sources: { ...layout.sources, ...sources },
	};
}
