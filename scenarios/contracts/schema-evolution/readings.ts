import { isDeepStrictEqual } from "node:util";
import { type Plain, projected } from "./oracle/projected.ts";
import type { Entry } from "./registered.ts";
import { promisedPairs, type Rule } from "./rules.ts";
import { eventNumber } from "./values.ts";
import { eventValue } from "./writer.ts";

/** Something that was written, in whatever format. */
export interface Written {
	/** Tells it from the others in messages: `message 7`. */
	name: string;
	/** Of the schema by which it says that it was written. */
	schemaId: number;
	/** What a version sees of it; throws where it can't read it. Asked only where its schema is a registered one. */
	read(by: Entry): Plain;
}

/** How many, and the first ten of them in words. */
export type Found = { count: number; first: string[] };

/** What readers of all versions, to whom that is promised, see of what was written. */
export type Readings = {
	/** How much was written. */
	written: number;
	readings: number;
	/** Pairs of a reader's and a writer's version that came up. */
	pairs: number;
	/** It could not be read, by somebody to whom it was promised. */
	unreadable: Found;
	/** It was read as something else: the worst that can be, for nobody notices. */
	corrupted: Found;
	/** It names a schema that the registry has not accepted. */
	unregistered: Found;
};

/** Each read by each version to which it is promised, and held against what was written there. */
export async function readAll(
	all: Iterable<Written> | AsyncIterable<Written>,
	entries: readonly Entry[],
	ruleOf: (subject: string) => Rule,
	seed: number,
): Promise<{ readings: Readings; seen: Map<number, number> }> {
	const readings: Readings = {
		written: 0,
		readings: 0,
		pairs: 0,
		unreadable: none(),
		corrupted: none(),
		unregistered: none(),
	};
	const byId = new Map(entries.map((entry) => [entry.id, entry]));
	const readers = readersOf(entries, ruleOf);
	const used = new Set<string>();
	const seen = new Map<number, number>();
	for await (const one of all) {
		readings.written++;
		const writer = byId.get(one.schemaId);
		if (writer === undefined) {
			add(readings.unregistered, `${one.name} by schema ${one.schemaId}`);
			continue;
		}
		const own = readBy(one, writer);
		const n = eventNumber((own as { [name: string]: Plain } | null)?.id);
		if (Number.isNaN(n)) {
			add(readings.unreadable, `${one.name} by its own schema ${writer.id}`);
			continue;
		}
		seen.set(n, (seen.get(n) ?? 0) + 1);
		const there = eventValue(writer.schema, n, seed);
		for (const by of readers.get(writer.id)!) {
			readings.readings++;
			used.add(`${writer.id} ${by.id}`);
			const name = `event ${n} of ${writer.subject}, written by version ${writer.version} and read by ${by.version}`;
			let got: Plain;
			try {
				got = by === writer ? own : one.read(by);
			} catch (error) {
				add(readings.unreadable, `${name}: ${String(error)}`);
				continue;
			}
			const wanted = projected(there, writer.schema, by.schema);
			if (!isDeepStrictEqual(got, wanted))
				add(readings.corrupted, `${name}: ${difference(got, wanted)}`);
		}
	}
	readings.pairs = used.size;
	return { readings, seen };
}

/** Null where it can't be read. */
function readBy(one: Written, by: Entry): Plain {
	try {
		return one.read(by);
	} catch {
		return null;
	}
}

/** By the writer's id, who is promised to read it. */
function readersOf(
	entries: readonly Entry[],
	ruleOf: (subject: string) => Rule,
): Map<number, Entry[]> {
	const all = new Map<number, Entry[]>(entries.map(({ id }) => [id, []]));
	for (const [subject, versions] of Map.groupBy(entries, (entry) => entry.subject))
		for (const { reader, writer } of promisedPairs(ruleOf(subject), versions.length))
			all.get(versions[writer]!.id)!.push(versions[reader]!);
	return all;
}

/** The first field in which two values differ. */
export function difference(got: Plain, wanted: Plain, place = ""): string {
	const named = (value: Plain): value is { [name: string]: Plain } =>
		typeof value === "object" && value !== null && !Array.isArray(value);
	if (named(got) && named(wanted))
		for (const name of new Set([...Object.keys(wanted), ...Object.keys(got)]))
			if (!isDeepStrictEqual(got[name], wanted[name]))
				return difference(got[name] ?? null, wanted[name] ?? null, `${place}.${name}`);
	return `${place.slice(1) || "the value"} is ${JSON.stringify(got)} and should be ${JSON.stringify(wanted)}`;
}

function none(): Found {
	return { count: 0, first: [] };
}

function add(found: Found, name: string): void {
	found.count++;
	if (found.first.length < 10) found.first.push(name);
}
