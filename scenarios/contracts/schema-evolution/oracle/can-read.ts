import {
	type Field,
	isArray,
	isEnum,
	isFixed,
	isMap,
	isRecord,
	kindOf,
	meaningOf,
	type Schema,
} from "../avro.ts";

/** Why a reader can't read what a writer has written: where, and by which rule of the specification. */
export interface Problem {
	/** Names from the record down: `["Order", "address", "zip"]`. */
	place: string[];
	rule:
		| "no-default"
		| "type-differs"
		| "name-differs"
		| "symbol-unknown"
		| "size-differs"
		| "branch-unknown"
		| "meaning-differs";
}

const promoted: Record<string, readonly string[]> = {
	int: ["long", "float", "double"],
	long: ["float", "double"],
	float: ["double"],
	string: ["bytes"],
	bytes: ["string"],
};

/**
 * All that keeps a reader from reading what a writer has written, by the rules of schema resolution of the Avro
 * specification (1.12), and one of our own: a value may not change its meaning, so that logical types have to agree.
 */
export function problemsOf(reader: Schema, writer: Schema, place: string[] = []): Problem[] {
	if (Array.isArray(writer)) return writer.flatMap((branch) => problemsOf(reader, branch, place));
	if (Array.isArray(reader))
		return reader.some((branch) => problemsOf(branch, writer, place).length === 0)
			? []
			: [{ place, rule: "branch-unknown" }];
	if (isRecord(reader) && isRecord(writer)) {
		const inside = place.length === 0 ? [reader.name] : place;
		const names = [reader.name, ...(reader.aliases ?? [])];
		return [
			...(names.includes(writer.name) ? [] : [{ place: inside, rule: "name-differs" } as const]),
			...reader.fields.flatMap((field) => problemsOfField(field, writer.fields, inside)),
		];
	}
	if (isEnum(reader) && isEnum(writer)) {
		if (reader.name !== writer.name) return [{ place, rule: "name-differs" }];
		const unknown = writer.symbols.some((symbol) => !reader.symbols.includes(symbol));
		return unknown && reader.default === undefined ? [{ place, rule: "symbol-unknown" }] : [];
	}
	if (isFixed(reader) && isFixed(writer)) {
		if (reader.name !== writer.name) return [{ place, rule: "name-differs" }];
		return reader.size === writer.size ? [] : [{ place, rule: "size-differs" }];
	}
	if (isArray(reader) && isArray(writer)) return problemsOf(reader.items, writer.items, place);
	if (isMap(reader) && isMap(writer)) return problemsOf(reader.values, writer.values, place);
	const [wanted, given] = [kindOf(reader), kindOf(writer)];
	if (wanted !== given && !promoted[given]?.includes(wanted))
		return [{ place, rule: "type-differs" }];
	return meaningOf(reader) === meaningOf(writer) ? [] : [{ place, rule: "meaning-differs" }];
}

function problemsOfField(field: Field, written: readonly Field[], place: string[]): Problem[] {
	const at = [...place, field.name];
	const found = writtenField(field, written);
	if (found !== undefined) return problemsOf(field.type, found.type, at);
	return field.default === undefined ? [{ place: at, rule: "no-default" }] : [];
}

/** The writer's field that a reader's is: of its name, else of one of its aliases. */
export function writtenField({ name, aliases = [] }: Field, written: readonly Field[]) {
	return (
		written.find((other) => other.name === name) ??
		written.find((other) => aliases.includes(other.name))
	);
}
