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
} from "./avro.ts";
import { bytesOfWhole } from "./decimal.ts";
import type { Plain } from "./oracle/projected.ts";

/** The n-th event, as a value of this schema: its id says which it is, all else is drawn. */
export function drawnValue(schema: RecordSchema, n: number, chance: () => number): Plain {
	const drawn = draw(schema, chance) as { [name: string]: Plain };
	return { ...drawn, id: eventId(n) };
}

export function eventId(n: number): string {
	return `event-${n}`;
}

/** The number in an event's id; NaN where it is none. */
export function eventNumber(id: unknown): number {
	return Number(/^event-(\d+)$/.exec(String(id))?.[1] ?? Number.NaN);
}

function draw(schema: Schema, chance: () => number): Plain {
	if (Array.isArray(schema)) return draw(schema[Math.floor(chance() * schema.length)]!, chance);
	if (isRecord(schema))
		return Object.fromEntries(schema.fields.map(({ name, type }) => [name, draw(type, chance)]));
	if (isEnum(schema)) return schema.symbols[Math.floor(chance() * schema.symbols.length)]!;
	if (isFixed(schema)) return bytes(schema.size, chance).toString("hex");
	if (isArray(schema))
		return Array.from({ length: Math.floor(chance() * 3) }, () => draw(schema.items, chance));
	if (isMap(schema))
		return Object.fromEntries(
			Array.from({ length: Math.floor(chance() * 3) }, (_, n) => [
				`k${n}`,
				draw(schema.values, chance),
			]),
		);
	if (meaningOf(schema).startsWith("decimal")) return amount(chance).toString("hex");
	switch (kindOf(schema)) {
		case "null":
			return null;
		case "boolean":
			return chance() < 0.5;
		case "int":
			return Math.floor(chance() * 1e6) - 500_000;
		// Few enough that a float has them exactly, as which they may be read.
		case "long":
			return Math.floor(chance() * 2 ** 23) - 2 ** 22;
		// Halves, which both have exactly, so that one read as the other is the same.
		case "float":
		case "double":
			return Math.floor(chance() * 2 ** 20) / 2;
		case "bytes":
			return Buffer.from(`b${Math.floor(chance() * 1e6)}`).toString("hex");
		default:
			return `s${Math.floor(chance() * 1e6)}é`;
	}
}

/** Of up to nine digits, below zero as often as above. */
function amount(chance: () => number): Buffer {
	return bytesOfWhole(BigInt(Math.floor((chance() * 2 - 1) * 1e9)));
}

function bytes(size: number, chance: () => number): Buffer {
	return Buffer.from(Array.from({ length: size }, () => Math.floor(chance() * 256)));
}
