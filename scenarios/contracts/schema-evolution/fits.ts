import type { Schema } from "./avro.ts";

/**
 * Whether bytes are a value of a schema, from the first to the last. The library looks at the end whether it went too
 * far, so that of bytes that are another schema's it may read a list of billions first.
 */
export function fits(bytes: Buffer, schema: Schema): boolean {
	try {
		return endOf(bytes, 0, schema) === bytes.length;
	} catch (error) {
		if (error instanceof RangeError) return false;
		throw error;
	}
}

/** Where a value that begins at `at` ends; a RangeError where it isn't one, or ends after the bytes. */
function endOf(bytes: Buffer, at: number, schema: Schema): number {
	if (Array.isArray(schema)) {
		const branch = varint(bytes, at);
		const chosen = schema[branch.value];
		if (chosen === undefined) throw new RangeError(`branch ${branch.value} of ${schema.length}`);
		return endOf(bytes, branch.end, chosen);
	}
	if (typeof schema === "string") return endOfPlain(bytes, at, schema);
	switch (schema.type) {
		case "record":
			return schema.fields.reduce((end, { type }) => endOf(bytes, end, type), at);
		case "enum": {
			const { value, end } = varint(bytes, at);
			if (schema.symbols[value] === undefined) throw new RangeError(`symbol ${value}`);
			return end;
		}
		case "fixed":
			return within(bytes, at + schema.size);
		case "array":
			return endOfBlocks(bytes, at, (from) => endOf(bytes, from, schema.items));
		case "map":
			return endOfBlocks(bytes, at, (from) =>
				endOf(bytes, endOfPlain(bytes, from, "string"), schema.values),
			);
		default:
			return endOfPlain(bytes, at, schema.type);
	}
}

function endOfPlain(bytes: Buffer, at: number, kind: Extract<Schema, string>): number {
	switch (kind) {
		case "null":
			return at;
		case "boolean":
			return within(bytes, at + 1);
		case "int":
		case "long":
			return varint(bytes, at).end;
		case "float":
			return within(bytes, at + 4);
		case "double":
			return within(bytes, at + 8);
		case "bytes":
		case "string": {
			const { value, end } = varint(bytes, at);
			if (value < 0) throw new RangeError(`a length of ${value}`);
			return within(bytes, end + value);
		}
	}
}

/** Items of lists and maps come in blocks, and a block of none ends them. Before a negative count comes the block's size. */
function endOfBlocks(bytes: Buffer, at: number, endOfItem: (from: number) => number): number {
	for (;;) {
		const count = varint(bytes, at);
		if (count.value === 0) return count.end;
		at = count.value < 0 ? varint(bytes, count.end).end : count.end;
		const items = Math.abs(count.value);
		// No item of these schemas is without a byte.
		if (items > bytes.length - at) throw new RangeError(`a block of ${items} items`);
		for (let n = 0; n < items; n++) at = endOfItem(at);
	}
}

function varint(bytes: Buffer, at: number): { value: number; end: number } {
	let zigzag = 0;
	for (let place = 0; place < 10; place++) {
		const byte = bytes[at + place];
		if (byte === undefined) throw new RangeError("a number that does not end");
		zigzag += (byte & 0x7f) * 2 ** (7 * place);
		if (byte < 0x80)
			return {
				value: zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2,
				end: at + place + 1,
			};
	}
	throw new RangeError("a number of more than ten bytes");
}

function within(bytes: Buffer, end: number): number {
	if (end > bytes.length) throw new RangeError(`${end} of ${bytes.length} bytes`);
	return end;
}
