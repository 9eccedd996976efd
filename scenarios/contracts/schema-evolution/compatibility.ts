import {
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
} from "./avro.ts";
import { readerOf } from "./codec.ts";
import { sameNamed } from "./named.ts";

// What can be read of Avro: the library's own resolution, of which it is found where it fails and why, and a rule of our
// own for what no resolution looks at.

/** The first thing that is in the way of reading, in words that name place and rule; null where nothing is. */
export function obstacle(reader: Schema, writer: Schema): string | null {
	return canRead(reader, writer) ? changedMeaning(reader, writer, []) : located(reader, writer, []);
}

function canRead(reader: Schema, writer: Schema): boolean {
	try {
		readerOf(reader, writer);
		return true;
	} catch {
		return false;
	}
}

/** Goes down to the smallest part that can't be read. */
function located(reader: Schema, writer: Schema, place: string[]): string {
	if (isRecord(reader) && isRecord(writer)) {
		const inside = place.length === 0 ? [reader.name] : place;
		if (!canRead(withFields(reader, []), withFields(writer, [])))
			return said(
				inside,
				"name-differs",
				`the reader has ${reader.name}, the writer ${writer.name}`,
			);
		for (const field of reader.fields) {
			const at = [...inside, field.name];
			if (canRead(withFields(reader, [field]), writer)) continue;
			const found = sameNamed(field, writer.fields);
			return found === undefined
				? said(at, "no-default", "the writer has no such field")
				: located(field.type, found.type, at);
		}
	}
	if (Array.isArray(writer)) {
		const branch = writer.find((one) => !canRead(reader, one));
		if (branch !== undefined) return located(reader, branch, place);
	}
	if (Array.isArray(reader))
		return said(place, "branch-unknown", `no branch of the reader takes ${kindOf(writer)}`);
	if (isArray(reader) && isArray(writer)) return located(reader.items, writer.items, place);
	if (isMap(reader) && isMap(writer)) return located(reader.values, writer.values, place);
	if (isEnum(reader) && isEnum(writer)) {
		if (reader.name !== writer.name) return said(place, "name-differs", writer.name);
		const unknown = writer.symbols.filter((symbol) => !reader.symbols.includes(symbol));
		return said(place, "symbol-unknown", `the reader does not know ${unknown.join(", ")}`);
	}
	if (isFixed(reader) && isFixed(writer)) {
		if (reader.name !== writer.name) return said(place, "name-differs", writer.name);
		return said(
			place,
			"size-differs",
			`the reader has ${reader.size} bytes, the writer ${writer.size}`,
		);
	}
	return said(
		place,
		"type-differs",
		`the reader has ${kindOf(reader)}, the writer ${kindOf(writer)}`,
	);
}

/** Where a value would be read as another than it was meant, though it can be read. */
function changedMeaning(reader: Schema, writer: Schema, place: string[]): string | null {
	if (isRecord(reader) && isRecord(writer)) {
		const inside = place.length === 0 ? [reader.name] : place;
		for (const field of reader.fields) {
			const found = sameNamed(field, writer.fields);
			if (found === undefined) continue;
			const changed = changedMeaning(field.type, found.type, [...inside, field.name]);
			if (changed !== null) return changed;
		}
		return null;
	}
	if (Array.isArray(writer))
		return firstOf(writer.map((branch) => changedMeaning(reader, branch, place)));
	if (Array.isArray(reader)) {
		const all = reader
			.filter((branch) => canRead(branch, writer))
			.map((branch) => changedMeaning(branch, writer, place));
		return all.some((one) => one === null) ? null : firstOf(all);
	}
	if (isArray(reader) && isArray(writer)) return changedMeaning(reader.items, writer.items, place);
	if (isMap(reader) && isMap(writer)) return changedMeaning(reader.values, writer.values, place);
	const [wanted, given] = [meaningOf(reader), meaningOf(writer)];
	return wanted === given
		? null
		: said(
				place,
				"meaning-differs",
				`the reader takes it for ${wanted || "a plain value"}, the writer means ${given || "a plain value"}`,
			);
}

function said(place: readonly string[], rule: string, why: string): string {
	return `${place.join(".")} (${rule}): ${why}`;
}

function firstOf(all: readonly (string | null)[]): string | null {
	return all.find((one) => one !== null) ?? null;
}

function withFields(schema: RecordSchema, fields: Field[]): RecordSchema {
	return { ...schema, fields };
}
