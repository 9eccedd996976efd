import { FaultlineError } from "../base/errors.ts";
import { printable } from "./error-text.ts";

/** How a line says its time. All lines of a file do it alike. */
type Format =
	| "milliseconds from zero"
	| "epoch seconds"
	| "epoch milliseconds"
	| "epoch microseconds"
	| "epoch nanoseconds"
	| "timestamp with a zone"
	| "timestamp without a zone, taken for UTC"
	| "access log";

interface Read {
	format: Format;
	/** Whole milliseconds, and what is beyond them: together a number would not hold nanoseconds. */
	ms: bigint;
	restMs: number;
}

/** Epochs by their size: from 2001 to 5138, in each unit. Milliseconds from zero end before, at eleven days. */
const epochs: [from: number, format: Format, perMs: bigint][] = [
	[1e17, "epoch nanoseconds", 1_000_000n],
	[1e14, "epoch microseconds", 1_000n],
	[1e11, "epoch milliseconds", 1n],
];
const epochSecondsFrom = 1e9;
const epochEnd = 1e20;

const number = /^"?(\d{1,20})(?:\.(\d{1,12}))?"?(?=$|[\s,;])/;
const iso =
	/^["[]?(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,12})|,(\d{3}|\d{6}|\d{9})(?!\d))? ?(Z|UTC|[+-]\d\d(?::?\d\d)?)?["\]]?(?=$|[\s,;])/i;
const access = /\[(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d{4})\]/;
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const understood =
	"give each line its time first, all in one way: milliseconds from zero, an epoch in s, ms, µs or ns, or 2026-11-24T14:01:26.100Z (T or space, dot or comma, with a zone or in UTC); or give an access log with [24/Nov/2026:14:01:26 +0000]; what follows the time is passed over, and so are lines that begin with #";

/**
 * The times of a text's lines in milliseconds: as they are where they count from zero, else from the first. Refuses what
 * it can't tell for certain, with the line: no time, another way of saying it, or one that is before the last.
 */
export function replayTimes(name: string, text: string): Float64Array {
	const times: number[] = [];
	let first: (Read & { line: number }) | null = null;
	let lastMs = 0;
	for (const [index, raw] of text
		.replace(/^\uFEFF/, "")
		.split("\n")
		.entries()) {
		const line = raw.trim();
		if (line === "" || line.startsWith("#")) continue;
		const where = `line ${index + 1} of ${name} is ${JSON.stringify(printable(line).slice(0, 80))}`;
		const read = timeOf(line);
		if (read === null) throw wrong(`${where}: no time that is understood`, understood);
		first ??= { ...read, line: index + 1 };
		if (read.format !== first.format)
			throw wrong(
				`${where}: ${read.format}, but line ${first.line} is ${first.format}`,
				understood,
			);
		const ms =
			read.format === "milliseconds from zero"
				? Number(read.ms) + read.restMs
				: Number(read.ms - first.ms) + (read.restMs - first.restMs);
		if (ms < lastMs)
			throw wrong(
				`${where}: before the line above it, by ${lastMs - ms} ms`,
				"sort the file by time",
			);
		times.push(ms);
		lastMs = ms;
	}
	if (times.length === 0) throw wrong(`${name} has no times`, "give it at least one line");
	return Float64Array.from(times);
}

function timeOf(line: string): Read | null {
	return numberOf(line) ?? stampOf(line) ?? accessOf(line);
}

function numberOf(line: string): Read | null {
	const [text, whole, fraction = ""] = number.exec(line) ?? [];
	if (text === undefined || whole === undefined) return null;
	const size = Number(whole);
	if (size >= epochEnd) return null;
	const beyond = Number(`0.${fraction || "0"}`);
	for (const [from, format, perMs] of epochs) {
		if (size < from) continue;
		const ms = BigInt(whole) / perMs;
		const rest = Number(BigInt(whole) % perMs) + beyond;
		return { format, ms, restMs: rest / Number(perMs) };
	}
	if (size >= epochSecondsFrom)
		return { format: "epoch seconds", ms: BigInt(whole) * 1000n, restMs: beyond * 1000 };
	return { format: "milliseconds from zero", ms: BigInt(whole), restMs: beyond };
}

function stampOf(line: string): Read | null {
	const match = iso.exec(line);
	if (match === null) return null;
	const [, year, month, day, hour, minute, second, dot, comma, zone] = match;
	const parts = [year, month, day, hour, minute, second].map(Number);
	const ms = utcOf(parts, offsetOf(zone));
	if (ms === null) return null;
	const format =
		zone === undefined ? "timestamp without a zone, taken for UTC" : "timestamp with a zone";
	return { format, ms, restMs: Number(`0.${dot ?? comma ?? 0}`) * 1000 };
}

function accessOf(line: string): Read | null {
	const match = access.exec(line);
	if (match === null) return null;
	const [, day, month, year, hour, minute, second, zone] = match;
	const place = months.indexOf(month!) + 1;
	const ms = utcOf(
		[Number(year), place, ...[day, hour, minute, second].map(Number)],
		offsetOf(zone),
	);
	return ms === null ? null : { format: "access log", ms, restMs: 0 };
}

/** Null where there is no such time. A leap second is the first of the next minute. */
function utcOf(parts: number[], offsetMinutes: number): bigint | null {
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
	const date = new Date(Date.UTC(year, month - 1, day));
	const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
	if (!isDay || hour > 23 || minute > 59 || second > 60) return null;
	const seconds = hour * 3600 + (minute - offsetMinutes) * 60 + second;
	return BigInt(date.getTime() + seconds * 1000);
}

function offsetOf(zone: string | undefined): number {
	const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone ?? "") ?? [];
	if (sign === undefined) return 0;
	return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes ?? 0));
}

function wrong(message: string, hint: string): FaultlineError {
	return new FaultlineError("FLT_PLAN_INVALID", `arrival "replay": ${message}`, hint);
}
