import {
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
import { Unfit } from "./unfit.ts";

// The columns of a Parquet file, as far as they are used here, and those that a schema of Avro is kept in.

export type Column = {
	name: string;
	/** A cell may be null. */
	isOptional: boolean;
	type: ColumnType;
};

export type ColumnType =
	| { kind: "BOOLEAN" | "INT32" | "FLOAT" | "DOUBLE" }
	| { kind: "INT64"; means: "number" | "timestamp-millis" | "timestamp-micros" }
	| { kind: "BYTE_ARRAY"; means: "bytes" | "string" | "enum" | Decimal }
	| { kind: "FIXED_LEN_BYTE_ARRAY"; length: number }
	| { kind: "group"; columns: Column[] }
	| { kind: "list"; element: Column }
	/** Its keys are texts. */
	| { kind: "map"; value: Column };

export type Decimal = { precision: number; scale: number };

/** A column for each field, of its name; throws an `Unfit` where a field can be none. */
export function columnsOf({ name, fields }: RecordSchema): Column[] {
	return fields.map((field) => columnOf(field.name, field.type, [name, field.name]));
}

function columnOf(name: string, schema: Schema, place: string[]): Column {
	const { core, isNullable } = optionOf(schema, place);
	return { name, isOptional: isNullable, type: typeOf(core, place) };
}

/** What a schema is beside null. A union of more than null and one other is none: a column has one type. */
export function optionOf(
	schema: Schema,
	place: string[],
): { core: Exclude<Schema, Schema[]>; isNullable: boolean } {
	if (!Array.isArray(schema)) return { core: schema, isNullable: false };
	const [core, ...more] = schema.filter((branch) => kindOf(branch) !== "null");
	if (core === undefined || more.length > 0 || Array.isArray(core)) {
		const branches = schema.map(kindOf).join(", ");
		throw new Unfit(place, "no-column", `a column has one type, and this is one of ${branches}`);
	}
	return { core, isNullable: schema.length > 1 };
}

function typeOf(schema: Exclude<Schema, Schema[]>, place: string[]): ColumnType {
	if (isRecord(schema)) {
		if (schema.fields.length === 0)
			throw new Unfit(place, "no-column", "a group has a column at least");
		const columns = schema.fields.map(({ name, type }) => columnOf(name, type, [...place, name]));
		return { kind: "group", columns };
	}
	if (isArray(schema)) return { kind: "list", element: columnOf("element", schema.items, place) };
	if (isMap(schema)) return { kind: "map", value: columnOf("value", schema.values, place) };
	if (isEnum(schema)) return { kind: "BYTE_ARRAY", means: "enum" };
	if (isFixed(schema)) return { kind: "FIXED_LEN_BYTE_ARRAY", length: schema.size };
	return primitiveOf(schema, place);
}

type PrimitiveSchema = Exclude<Schema, Schema[] | { type: "record" | "array" | "map" | "enum" }>;

function primitiveOf(schema: PrimitiveSchema, place: string[]): ColumnType {
	const [kind, meaning] = [kindOf(schema), meaningOf(schema)];
	if (kind === "bytes" && typeof schema === "object" && "precision" in schema) {
		const { precision = 0, scale = 0 } = schema;
		return { kind: "BYTE_ARRAY", means: { precision, scale } };
	}
	switch (meaning) {
		case "timestamp-millis":
		case "timestamp-micros":
			return { kind: "INT64", means: meaning };
		case "":
			break;
		default:
			throw new Unfit(place, "no-column", `there is no column for ${meaning}`);
	}
	switch (kind) {
		case "boolean":
			return { kind: "BOOLEAN" };
		case "int":
			return { kind: "INT32" };
		case "long":
			return { kind: "INT64", means: "number" };
		case "float":
			return { kind: "FLOAT" };
		case "double":
			return { kind: "DOUBLE" };
		case "bytes":
			return { kind: "BYTE_ARRAY", means: "bytes" };
		case "string":
			return { kind: "BYTE_ARRAY", means: "string" };
		default:
			throw new Unfit(place, "no-column", `there is no column for ${kind}`);
	}
}
