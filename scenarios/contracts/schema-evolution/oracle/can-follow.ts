import {
	isArray,
	isFixed,
	isMap,
	isRecord,
	kindOf,
	type LogicalSchema,
	meaningOf,
	type RecordSchema,
	type Schema,
} from "../avro.ts";
import { writtenField } from "./can-read.ts";

/** Why a field can't be kept in a column, or read of the one that another's is kept in: where, and by which rule. */
export interface ColumnProblem {
	place: string[];
	rule:
		| "no-column"
		| "no-default"
		| "may-be-null"
		| "type-differs"
		| "size-differs"
		| "meaning-differs";
}

/** All of a schema that there is no column for: a column has one type, and a group a column at least. */
export function unwritable(schema: Schema, place: string[] = []): ColumnProblem[] {
	if (Array.isArray(schema)) {
		const others = schema.filter((branch) => branch !== "null");
		return others.length === 1 ? unwritable(others[0]!, place) : [{ place, rule: "no-column" }];
	}
	if (isArray(schema)) return unwritable(schema.items, place);
	if (isMap(schema)) return unwritable(schema.values, place);
	if (!isRecord(schema)) return schema === "null" ? [{ place, rule: "no-column" }] : [];
	const inside = place.length === 0 ? [schema.name] : place;
	if (schema.fields.length === 0) return [{ place: inside, rule: "no-column" }];
	return schema.fields.flatMap(({ name, type }) => unwritable(type, [...inside, name]));
}

/**
 * All that keeps a reader from following a writer's columns, both of which can be kept in some: by the rules that the
 * README states, on schemas and without any file. Names of records and symbols of enums are in no column.
 */
export function columnProblemsOf(reader: RecordSchema, writer: RecordSchema): ColumnProblem[] {
	return ofGroup(reader, writer, [reader.name]);
}

function ofGroup(reader: RecordSchema, writer: RecordSchema, place: string[]): ColumnProblem[] {
	return reader.fields.flatMap((field): ColumnProblem[] => {
		const at = [...place, field.name];
		const written = writtenField(field, writer.fields);
		if (written !== undefined) return ofCell(field.type, written.type, at);
		const isGiven = field.default !== undefined || mayBeNull(field.type);
		return isGiven ? [] : [{ place: at, rule: "no-default" }];
	});
}

function ofCell(reader: Schema, writer: Schema, place: string[]): ColumnProblem[] {
	if (mayBeNull(writer) && !mayBeNull(reader)) return [{ place, rule: "may-be-null" }];
	const [to, from] = [notNull(reader), notNull(writer)];
	if (isRecord(to) && isRecord(from)) return ofGroup(to, from, place);
	if (isArray(to) && isArray(from)) return ofCell(to.items, from.items, place);
	if (isMap(to) && isMap(from)) return ofCell(to.values, from.values, place);
	if (isFixed(to) && isFixed(from))
		return to.size === from.size ? [] : [{ place, rule: "size-differs" }];
	if (!(followed[kindOf(from)] ?? [kindOf(from)]).includes(kindOf(to)))
		return [{ place, rule: "type-differs" }];
	if (meaningOf(to) === meaningOf(from) || hasMoreDigits(to, from)) return [];
	return [{ place, rule: "meaning-differs" }];
}

/** As which types a column of each can be read. */
const followed: Record<string, readonly string[]> = {
	int: ["int", "long", "float", "double"],
	long: ["long", "float", "double"],
	float: ["float", "double"],
	string: ["string", "bytes"],
	bytes: ["bytes", "string"],
	enum: ["enum", "string", "bytes"],
};

/** More digits before the point are no matter, more after it are another amount. */
function hasMoreDigits(reader: Schema, writer: Schema): boolean {
	const [to, from] = [reader as LogicalSchema, writer as LogicalSchema];
	const areDecimals = to.logicalType === "decimal" && from.logicalType === "decimal";
	return areDecimals && to.scale === from.scale && to.precision! >= from.precision!;
}

function mayBeNull(schema: Schema): boolean {
	return Array.isArray(schema) && schema.includes("null");
}

function notNull(schema: Schema): Schema {
	return Array.isArray(schema) ? schema.find((branch) => branch !== "null")! : schema;
}
