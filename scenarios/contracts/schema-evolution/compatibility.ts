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
import { isPromised, type Rule } from "./rules.ts";

// What a registry decides by: the library's own resolution, of which it is found where it fails and why, and a rule of
// our own for what no resolution looks at.

/** The first thing that is in the way of reading, in words that name place and rule; null where nothing is. */
export function obstacle(reader: Schema, writer: Schema): string | null {
	return canRead(reader, writer) ? changedMeaning(reader, writer, []) : located(reader, writer, []);
}

/**
 * Why a schema may not become the next version, where it may not: which version could not be read by whom. Versions are
 * in their order, and numbered from 1.
 */
export function refusal(rule: Rule, versions: readonly Schema[], next: Schema): string | null {
	const place = versions.length;
	for (const [other, schema] of [...versions.entries()].reverse()) {
		const backward = isPromised(rule, place, other) ? obstacle(next, schema) : null;
		if (backward !== null)
			return `${rule}: this schema can't read version ${other + 1}: ${backward}`;
		const forward = isPromised(rule, other, place) ? obstacle(schema, next) : null;
		if (forward !== null) return `${rule}: version ${other + 1} can't read this schema: ${forward}`;
	}
	return null;
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
			const found = sameField(field, writer);
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
			const found = sameField(field, writer);
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

function sameField({ name, aliases = [] }: Field, { fields }: RecordSchema): Field | undefined {
	return (
		fields.find((other) => other.name === name) ??
		fields.find((other) => aliases.includes(other.name))
	);
}
