import type { Json } from "faultline";

// Schemas of Avro as this experiment uses them, as plain data.

export type Primitive =
	| "null"
	| "boolean"
	| "int"
	| "long"
	| "float"
	| "double"
	| "bytes"
	| "string";

/** A primitive that means something: a time, an amount. */
export type LogicalSchema = {
	type: Primitive;
	logicalType: string;
	precision?: number;
	scale?: number;
};
export type Field = {
	name: string;
	type: Schema;
	default?: Json;
	aliases?: string[];
	doc?: string;
};
export type RecordSchema = {
	type: "record";
	name: string;
	namespace?: string;
	aliases?: string[];
	doc?: string;
	fields: Field[];
};
export type EnumSchema = { type: "enum"; name: string; symbols: string[]; default?: string };
export type FixedSchema = { type: "fixed"; name: string; size: number };
export type ArraySchema = { type: "array"; items: Schema };
export type MapSchema = { type: "map"; values: Schema };
export type Schema =
	| Primitive
	| LogicalSchema
	| RecordSchema
	| EnumSchema
	| FixedSchema
	| ArraySchema
	| MapSchema
	| Schema[];

/** What a schema is, whether it is written as a name or as an object. */
export function kindOf(schema: Schema): string {
	if (typeof schema === "string") return schema;
	return Array.isArray(schema) ? "union" : schema.type;
}

/** What a value means beside what it is: its logical type with all that belongs to it; empty where it has none. */
export function meaningOf(schema: Schema): string {
	if (typeof schema === "string" || Array.isArray(schema) || !("logicalType" in schema)) return "";
	const { logicalType, precision, scale } = schema;
	return [logicalType, precision, scale].filter((part) => part !== undefined).join(" ");
}

export function isRecord(schema: Schema): schema is RecordSchema {
	return typeof schema === "object" && !Array.isArray(schema) && schema.type === "record";
}

export function isEnum(schema: Schema): schema is EnumSchema {
	return typeof schema === "object" && !Array.isArray(schema) && schema.type === "enum";
}

export function isFixed(schema: Schema): schema is FixedSchema {
	return typeof schema === "object" && !Array.isArray(schema) && schema.type === "fixed";
}

export function isArray(schema: Schema): schema is ArraySchema {
	return typeof schema === "object" && !Array.isArray(schema) && schema.type === "array";
}

export function isMap(schema: Schema): schema is MapSchema {
	return typeof schema === "object" && !Array.isArray(schema) && schema.type === "map";
}
