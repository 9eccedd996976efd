import type { Json } from "faultline";
import {
	type EnumSchema,
	type Field,
	isArray,
	isEnum,
	isFixed,
	isMap,
	isRecord,
	kindOf,
	meaningOf,
	type RecordSchema,
	type Schema,
} from "../avro.ts";
import { sameNamed } from "../named.ts";
import type { Plain } from "../oracle/projected.ts";
import type { Cell, Row } from "./cells.ts";
import { type Column, type ColumnType, optionOf } from "./columns.ts";
import { bytesOf, doubleOf, floatOf, textOf } from "./exactly.ts";
import { Unfit } from "./unfit.ts";

// How a reader of a schema reads columns that another has written. A field is the column of its name, else of one of its
// aliases, wherever it stands; one that has none is its default, else null where it may be that; a column that no field
// is stays unread. Numbers go int → long → float → double as long as they stay the same; texts and bytes are each other;
// an enum is a text. Times have to be in the same unit, amounts of the same scale.

type Read = (cell: Cell) => Plain;

/** Reads rows of such columns by a schema; throws an `Unfit` where it can't, and where a value would become another. */
export function rowReaderOf(reader: RecordSchema, columns: readonly Column[]): (row: Row) => Plain {
	return groupReader(reader, columns, [reader.name]);
}

function groupReader(
	{ fields }: RecordSchema,
	columns: readonly Column[],
	place: string[],
): (row: Row) => Plain {
	const reads = fields.map((field): [string, (row: Row) => Plain] => {
		const at = [...place, field.name];
		const column = sameNamed(field, columns);
		if (column === undefined) return [field.name, constant(missing(field, at))];
		const read = columnReader(field.type, column, at);
		return [field.name, (row) => read(row[column.name] ?? null)];
	});
	return (row) => Object.fromEntries(reads.map(([name, read]) => [name, read(row)]));
}

function missing({ type, default: value }: Field, place: string[]): Plain {
	const { core, isNullable } = optionOf(type, place);
	if (value === null || (value === undefined && isNullable)) return null;
	if (value === undefined) throw new Unfit(place, "no-default", "the file has no such column");
	return defaultOf(core, value);
}

/** Bytes are written as code points in a default. */
function defaultOf(type: Schema, value: Json): Plain {
	const isBytes = kindOf(type) === "bytes" || kindOf(type) === "fixed";
	return isBytes ? Buffer.from(value as string, "latin1").toString("hex") : (value as Plain);
}

function columnReader(type: Schema, column: Column, place: string[]): Read {
	const { core, isNullable } = optionOf(type, place);
	if (column.isOptional && !isNullable)
		throw new Unfit(place, "may-be-null", "the column may be null, and the field may not");
	const read = readerOfType(core, column.type, place);
	return (cell) => {
		if (cell !== null) return read(cell);
		if (isNullable) return null;
		throw new Unfit(place, "may-be-null", "there is a null in a column that has none");
	};
}

function readerOfType(type: Exclude<Schema, Schema[]>, column: ColumnType, place: string[]): Read {
	if (isRecord(type) && column.kind === "group") {
		const read = groupReader(type, column.columns, place);
		return (cell) => read(cell as Row);
	}
	if (isArray(type) && column.kind === "list") {
		const read = columnReader(type.items, column.element, place);
		return (cell) => (cell as Cell[]).map(read);
	}
	if (isMap(type) && column.kind === "map") {
		const read = columnReader(type.values, column.value, place);
		return (cell) =>
			Object.fromEntries(Object.entries(cell as Row).map(([key, one]) => [key, read(one)]));
	}
	if (isEnum(type) && column.kind === "BYTE_ARRAY" && column.means === "enum")
		return (cell) => symbolOf(textOf(cell), type, place);
	if (isFixed(type) && column.kind === "FIXED_LEN_BYTE_ARRAY") {
		if (type.size !== column.length)
			throw new Unfit(
				place,
				"size-differs",
				`the reader has ${type.size} bytes, the column ${column.length}`,
			);
		return (cell) => bytesOf(cell).toString("hex");
	}
	return primitiveReader(type, column, place);
}

/** A file does not list the symbols of an enum: one that the reader does not know is found where it is met. */
function symbolOf(text: string, { symbols, default: other }: EnumSchema, place: string[]): Plain {
	if (symbols.includes(text)) return text;
	if (other !== undefined) return other;
	throw new Unfit(place, "symbol-unknown", `the reader does not know ${text}`);
}

function primitiveReader(
	type: Exclude<Schema, Schema[]>,
	column: ColumnType,
	place: string[],
): Read {
	const primitive = primitives[kindOf(type)];
	if (!primitive?.of.includes(column.kind)) throw differs(type, column, place, "type-differs");
	if (!agree(meaningOf(type), meantBy(column)))
		throw differs(type, column, place, "meaning-differs");
	return (cell) => primitive.read(cell, place);
}

/** Of which columns a field of this type is read, and how. */
const primitives: Partial<
	Record<string, { of: ColumnType["kind"][]; read: (cell: Cell, place: string[]) => Plain }>
> = {
	boolean: { of: ["BOOLEAN"], read: (cell) => cell as boolean },
	int: { of: ["INT32"], read: doubleOf },
	long: { of: ["INT32", "INT64"], read: doubleOf },
	float: { of: ["INT32", "INT64", "FLOAT"], read: floatOf },
	double: { of: ["INT32", "INT64", "FLOAT", "DOUBLE"], read: doubleOf },
	bytes: { of: ["BYTE_ARRAY"], read: (cell) => bytesOf(cell).toString("hex") },
	string: { of: ["BYTE_ARRAY"], read: textOf },
};

/** What a cell means beside what it is, in a schema's words. */
function meantBy(column: ColumnType): string {
	if (column.kind === "INT64") return column.means === "number" ? "" : column.means;
	if (column.kind !== "BYTE_ARRAY" || typeof column.means === "string") return "";
	return `decimal ${column.means.precision} ${column.means.scale}`;
}

/** An amount that may have more digits than were written is the same one. */
function agree(wanted: string, meant: string): boolean {
	const [to, from] = [decimal.exec(wanted), decimal.exec(meant)];
	if (to === null || from === null) return wanted === meant;
	return to[2] === from[2] && Number(to[1]) >= Number(from[1]);
}

const decimal = /^decimal (\d+) (\d+)$/;

function differs(type: Schema, column: ColumnType, place: string[], rule: string): Unfit {
	const wanted = [kindOf(type), meaningOf(type)].join(" ").trim();
	const given = [column.kind, meantBy(column)].join(" ").trim();
	return new Unfit(place, rule, `the reader has ${wanted}, the column ${given}`);
}

function constant(value: Plain): () => Plain {
	return () => value;
}
