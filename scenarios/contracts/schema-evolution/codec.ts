import avro from "avsc";
import type { Schema } from "./avro.ts";
import type { Plain } from "./oracle/projected.ts";

// Avro by the library: what a schema writes, and what another reads of it.

type Type = ReturnType<typeof avro.Type.forSchema>;

const types = new WeakMap<object, Type>();

/**
 * The library's type of a schema; throws where it is none. Without namespaces: by the specification names are the same
 * where they are without them, and the library compares whole ones.
 */
export function typeOf(schema: Schema): Type {
	const unqualified = (key: string, value: unknown) => (key === "namespace" ? undefined : value);
	const parse = () =>
		avro.Type.forSchema(JSON.parse(JSON.stringify(schema, unqualified)), { registry: {} });
	if (typeof schema !== "object") return parse();
	let type = types.get(schema);
	if (type === undefined) {
		type = parse();
		types.set(schema, type);
	}
	return type;
}

/** Reads with one schema what another has written; throws where it can't. */
export type Reader = (bytes: Buffer) => Plain;

/** Throws where the reader can't read what this writer writes. */
export function readerOf(reader: Schema, writer: Schema): Reader {
	const type = typeOf(reader);
	const resolver = type.createResolver(typeOf(writer));
	return (bytes) => plainOf(type.fromBuffer(bytes, resolver));
}

export function written(schema: Schema, value: Plain): Buffer {
	return typeOf(schema).toBuffer(buffersIn(value, schema));
}

/** A value of the library's as plain data. */
function plainOf(value: unknown): Plain {
	if (Buffer.isBuffer(value)) return value.toString("hex");
	if (Array.isArray(value)) return value.map(plainOf);
	if (typeof value === "object" && value !== null)
		return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plainOf(one)]));
	return value as Plain;
}

/** Bytes are hexadecimal in plain data, and buffers for the library. */
function buffersIn(value: Plain, schema: Schema): unknown {
	if (Array.isArray(schema)) {
		const branch = schema.find((one) => typeOf(one).isValid(buffersIn(value, one)));
		return branch === undefined ? value : buffersIn(value, branch);
	}
	if (typeof schema === "string" || schema.type === "bytes" || schema.type === "fixed") {
		const isBytes = schema === "bytes" || (typeof schema === "object" && schema.type !== "string");
		return isBytes && typeof value === "string" ? Buffer.from(value, "hex") : value;
	}
	switch (schema.type) {
		case "record": {
			const named = value as { [name: string]: Plain };
			if (typeof named !== "object" || named === null || Array.isArray(named)) return value;
			return Object.fromEntries(
				schema.fields.map(({ name, type }) => [name, buffersIn(named[name] ?? null, type)]),
			);
		}
		case "array":
			return Array.isArray(value) ? value.map((item) => buffersIn(item, schema.items)) : value;
		case "map":
			return typeof value === "object" && value !== null && !Array.isArray(value)
				? Object.fromEntries(
						Object.entries(value).map(([key, one]) => [key, buffersIn(one, schema.values)]),
					)
				: value;
		default:
			return value;
	}
}
