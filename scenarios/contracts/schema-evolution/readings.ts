import { isDeepStrictEqual } from "node:util";
import type { RecordSchema } from "./avro.ts";
import { type Reader, readerOf } from "./codec.ts";
import { fits } from "./fits.ts";
import { unframed } from "./framing.ts";
import { type Plain, projected } from "./oracle/projected.ts";
import type { Entry } from "./registered.ts";
import { promisedPairs, type Rule } from "./rules.ts";
import { eventNumber } from "./values.ts";
import { eventValue } from "./writer.ts";

/** How many, and the first ten of them in words. */
export type Found = { count: number; first: string[] };

/** What readers of all versions, to whom that is promised, see of what was written. */
export type Readings = {
	messages: number;
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

/** Each message read by each version to which it is promised, and held against what was written there. */
export function readAll(
	messages: Iterable<Buffer>,
	entries: readonly Entry[],
	ruleOf: (subject: string) => Rule,
	seed: number,
): { readings: Readings; seen: Map<number, number> } {
	const readings: Readings = {
		messages: 0,
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
	for (const message of messages) {
		readings.messages++;
		const { id, value } = unframed(message) ?? { id: 0, value: message };
		const writer = byId.get(id);
		if (writer === undefined) {
			add(readings.unregistered, `message ${readings.messages} by schema ${id}`);
			continue;
		}
		const [own, ...others] = readers.get(id)!;
		const n = fits(value, writer.schema) ? numberOf(value, own!) : null;
		if (n === null) {
			add(readings.unreadable, `message ${readings.messages} by its own schema ${id}`);
			continue;
		}
		seen.set(n, (seen.get(n) ?? 0) + 1);
		const there = eventValue(writer.schema, n, seed);
		for (const { version, schema, read } of [own!, ...others]) {
			readings.readings++;
			used.add(`${id} ${version}`);
			const name = `event ${n} of ${writer.subject}, written by version ${writer.version} and read by ${version}`;
			let got: Plain;
			try {
				got = read(value);
			} catch (error) {
				add(readings.unreadable, `${name}: ${String(error)}`);
				continue;
			}
			const wanted = projected(there, writer.schema, schema);
			if (!isDeepStrictEqual(got, wanted))
				add(readings.corrupted, `${name}: ${difference(got, wanted)}`);
		}
	}
	readings.pairs = used.size;
	return { readings, seen };
}

/** Which event it is; null where it can't even be read by the schema that it says. */
function numberOf(value: Buffer, own: VersionReader): number | null {
	try {
		const n = eventNumber((own.read(value) as { [name: string]: Plain }).id);
		return Number.isNaN(n) ? null : n;
	} catch {
		return null;
	}
}

type VersionReader = { version: number; schema: RecordSchema; read: Reader };

/** By the writer's id, who is promised to read it: itself first. */
function readersOf(
	entries: readonly Entry[],
	ruleOf: (subject: string) => Rule,
): Map<number, VersionReader[]> {
	const all = new Map<number, VersionReader[]>();
	for (const [subject, versions] of Map.groupBy(entries, (entry) => entry.subject)) {
		for (const { reader, writer } of promisedPairs(ruleOf(subject), versions.length)) {
			const [by, of] = [versions[reader]!, versions[writer]!];
			const one = { version: by.version, schema: by.schema, read: lazily(by, of) };
			const list = all.get(of.id) ?? [];
			if (by === of) list.unshift(one);
			else list.push(one);
			all.set(of.id, list);
		}
	}
	return all;
}

/** Made when it is first wanted; that it can't be made is found at each reading. */
function lazily(by: Entry, of: Entry): Reader {
	let made: Reader | null = null;
	return (bytes) => {
		made ??= readerOf(by.schema, of.schema);
		return made(bytes);
	};
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
