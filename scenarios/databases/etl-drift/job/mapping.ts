import type { Content } from "./content.ts";
import type { ColumnType } from "./types.ts";

/** Where the values of a field come from. */
export type FieldSource =
	| { kind: "column"; column: string }
	/** A number in another unit: what stands there, times this. */
	| { kind: "scaled"; column: string; factor: number }
	| { kind: "joined"; columns: string[]; separator: string }
	/** Counted from 1. */
	| { kind: "part"; column: string; separator: string; part: number }
	/** A time without a zone, as clocks there show it. */
	| { kind: "local"; column: string; zone: string }
	/** The source has it no more: rows that come keep what they had, new ones have nothing. */
	| { kind: "none" };

/** A field of the target, as the mapping's file declares it, or as it was added since. */
export interface Field {
	name: string;
	type: ColumnType;
	/** A row without it is of no use: when it is gone somebody is asked. */
	required: boolean;
	/** Names under which it may come, whatever they look like. */
	aliases: string[];
}

/** The mapping as data: what the target wants, and how sure a guess has to be. */
export interface Rules {
	source: { schema: string; table: string; key: string; watermark: string };
	target: { schema: string; table: string };
	/** The key of the source is the first of them. */
	fields: Field[];
	abbreviations: Record<string, string>;
	/** Scores from 0 to 1. */
	limits: {
		/** A rename is taken at this score, */
		accept: number;
		/** where the next best is so much worse. */
		margin: number;
		/** From here on something may be what is missing, and somebody is asked. */
		suspect: number;
	};
}

/** What the last batch that was loaded left behind, by which the next one knows the source again. */
export interface Memory {
	table: string;
	fields: Field[];
	sources: Record<string, FieldSource>;
	/** By column of the source. */
	columns: Record<string, { type: ColumnType; content: Content }>;
}

/** What somebody answered to a question: this field comes from there. */
export interface Answer {
	/** Of the target; `*table` is the table itself. */
	field: string;
	source: FieldSource;
}

export const tableItself = "*table";

export function columnsOf(source: FieldSource): string[] {
	switch (source.kind) {
		case "column":
		case "scaled":
		case "part":
		case "local":
			return [source.column];
		case "joined":
			return source.columns;
		case "none":
			return [];
		default:
			return source satisfies never;
	}
}

/** One line for people: `amount × 100`. */
export function sourceText(source: FieldSource): string {
	switch (source.kind) {
		case "column":
			return source.column;
		case "scaled":
			return `${source.column} × ${source.factor}`;
		case "joined":
			return `${source.columns.join(" and ")} joined by "${source.separator}"`;
		case "part":
			return `part ${source.part} of ${source.column} at "${source.separator}"`;
		case "local":
			return `${source.column} in ${source.zone}`;
		case "none":
			return "nothing";
		default:
			return source satisfies never;
	}
}
