import type { Json } from "faultline";
import {
	isArray,
	isEnum,
	isFixed,
	isMap,
	isRecord,
	kindOf,
	type RecordSchema,
	type Schema,
} from "../avro.ts";
import { problemsOf, writtenField } from "./can-read.ts";

/** A value as a test can hold it against another: bytes as hexadecimal. */
export type Plain = null | boolean | number | string | Plain[] | { [name: string]: Plain };

/**
 * What a reader should see of a value: worked out on the value itself, by the rules of schema resolution, without any
 * bytes. The value is one of the writer's schema, and the reader can read that.
 */
export function projected(value: Plain, writer: Schema, reader: Schema): Plain {
	if (Array.isArray(writer)) return projected(value, branchOf(value, writer), reader);
	if (Array.isArray(reader)) {
		const branch =
			reader.find((one) => kindOf(one) === kindOf(writer)) ??
			reader.find((one) => problemsOf(one, writer).length === 0)!;
		return projected(value, writer, branch);
	}
	if (isRecord(writer) && isRecord(reader)) return record(value as Named, writer, reader);
	if (isEnum(writer) && isEnum(reader))
		return reader.symbols.includes(value as string) ? value : reader.default!;
	if (isArray(writer) && isArray(reader))
		return (value as Plain[]).map((item) => projected(item, writer.items, reader.items));
	if (isMap(writer) && isMap(reader))
		return Object.fromEntries(
			Object.entries(value as Named).map(([key, one]) => [
				key,
				projected(one, writer.values, reader.values),
			]),
		);
	const [from, to] = [kindOf(writer), kindOf(reader)];
	if (from === "string" && to === "bytes") return Buffer.from(value as string).toString("hex");
	if (from === "bytes" && to === "string") return Buffer.from(value as string, "hex").toString();
	return value;
}

type Named = { [name: string]: Plain };

function record(value: Named, writer: RecordSchema, reader: RecordSchema): Plain {
	return Object.fromEntries(
		reader.fields.map((field) => {
			const written = writtenField(field, writer.fields);
			return [
				field.name,
				written === undefined
					? byDefault(field.default!, field.type)
					: projected(value[written.name]!, written.type, field.type),
			];
		}),
	);
}

/** A default of JSON is of a union's first branch; bytes are written as code points there. */
function byDefault(value: Json, type: Schema): Plain {
	if (Array.isArray(type)) return byDefault(value, type[0]!);
	if (kindOf(type) === "bytes" || isFixed(type))
		return Buffer.from(value as string, "latin1").toString("hex");
	return value as Plain;
}

/** The branch that a value of a union is of: those that are used here differ in what they are in JSON. */
function branchOf(value: Plain, union: readonly Schema[]): Schema {
	return union.find((branch) => {
		const kind = kindOf(branch);
		if (value === null) return kind === "null";
		if (typeof value === "boolean") return kind === "boolean";
		if (typeof value === "number") return ["int", "long", "float", "double"].includes(kind);
		if (typeof value === "string") return ["string", "bytes", "enum", "fixed"].includes(kind);
		return Array.isArray(value) ? kind === "array" : kind === "map" || kind === "record";
	})!;
}
