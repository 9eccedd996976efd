import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type PerTier, perTier, tiers } from "./tiers.ts";

/** What one tier costs and how it answers. */
export interface TierPrice {
	usdPerGbMonth: number;
	usdPer1000Writes: number;
	usdPer1000Reads: number;
	/** Of what is read, moves to another tier included. */
	usdPerGbRead: number;
	/** An object that leaves earlier is billed to the end of them. */
	minimumDays: number;
	/** A smaller object is billed as if it had so many. */
	minimumBytes: number;
	/** Billed for each object beside its own, in this tier. */
	addedBytes: number;
	/** Billed for each object beside its own, at the price of the hot tier. */
	addedHotBytes: number;
	/** Median time to the first byte of an object that can be read. */
	firstByteMs: number;
	/** Standard deviation of the logarithm of that time. */
	firstByteSpread: number;
	/** Median time until an object of this tier can be read; 0 where it always can. */
	restoreMs: number;
}

/** What storage costs: pure numbers, as `prices.json` states them. */
export interface Prices {
	monthDays: number;
	tiers: PerTier<TierPrice>;
}

/** A gigabyte of the price lists. */
export const gbBytes = 2 ** 30;

interface Rule {
	whole?: true;
	above?: 0;
}

/** Every value that a tier must state, and what it may be beside a number from 0. */
const rules: { [K in keyof TierPrice]: Rule } = {
	usdPerGbMonth: {},
	usdPer1000Writes: {},
	usdPer1000Reads: {},
	usdPerGbRead: {},
	minimumDays: { whole: true },
	minimumBytes: { whole: true },
	addedBytes: { whole: true },
	addedHotBytes: { whole: true },
	firstByteMs: { above: 0 },
	firstByteSpread: { above: 0 },
	restoreMs: {},
};

/** The prices in a file; every problem is named at once, each with its place. */
export function readPrices(file: URL | string = new URL("prices.json", import.meta.url)): Prices {
	const path = typeof file === "string" ? file : fileURLToPath(file);
	let json: unknown;
	try {
		json = JSON.parse(readFileSync(path, "utf8"));
	} catch (error) {
		throw refused(path, [String(error)], error);
	}
	return pricesOf(json, path);
}

/** The prices in a parsed file that is called by this name in what is said of it. */
export function pricesOf(json: unknown, name = "prices.json"): Prices {
	const problems: string[] = [];
	const root = fieldsOf(json, "the file", problems);
	const tierFields = fieldsOf(root.tiers, "tiers", problems);
	for (const tier of Object.keys(tierFields))
		if (!tiers.some((known) => known === tier))
			problems.push(`tiers.${tier} is none of ${tiers.join(", ")}`);
	const monthDays = numberAt(root.monthDays, "monthDays", { above: 0 }, problems);
	const priced = perTier((tier): TierPrice => {
		const place = `tiers.${tier}`;
		const fields = fieldsOf(tierFields[tier], place, problems);
		for (const field of Object.keys(fields))
			if (field !== "like" && !Object.hasOwn(rules, field))
				problems.push(`${place}.${field} is not known`);
		const values = Object.entries(rules).map(([field, rule]) => [
			field,
			datedAt(fields[field], `${place}.${field}`, rule, problems),
		]);
		return Object.fromEntries(values) as TierPrice;
	});
	if (problems.length > 0) throw refused(name, problems);
	return { monthDays, tiers: priced };
}

/** A number with its date and source, without which nobody can tell whether it still holds. */
function datedAt(given: unknown, place: string, rule: Rule, problems: string[]): number {
	const fields = fieldsOf(given, place, problems);
	if (given === undefined) return Number.NaN;
	if (typeof fields.asOf !== "string" || !/^\d{4}-(0[1-9]|1[0-2])(-\d{2})?$/.test(fields.asOf))
		problems.push(
			`${place}.asOf must be a date such as 2025-09 or 2025-09-30, but is ${shown(fields.asOf)}`,
		);
	if (typeof fields.source !== "string" || fields.source.trim() === "")
		problems.push(
			`${place}.source must say where the value is from, but is ${shown(fields.source)}`,
		);
	return numberAt(fields.value, `${place}.value`, rule, problems);
}

function numberAt(given: unknown, place: string, rule: Rule, problems: string[]): number {
	const wanted = `a ${rule.whole ? "whole " : ""}number ${rule.above === 0 ? "above" : "from"} 0`;
	const fits =
		typeof given === "number" &&
		Number.isFinite(given) &&
		(rule.above === 0 ? given > 0 : given >= 0) &&
		(!rule.whole || Number.isInteger(given));
	if (!fits) problems.push(`${place} must be ${wanted}, but is ${shown(given)}`);
	return fits ? given : Number.NaN;
}

function fieldsOf(given: unknown, place: string, problems: string[]): Record<string, unknown> {
	if (typeof given === "object" && given !== null && !Array.isArray(given))
		return given as Record<string, unknown>;
	problems.push(`${place} must be an object, but is ${shown(given)}`);
	return {};
}

function shown(value: unknown): string {
	return value === undefined ? "missing" : JSON.stringify(value);
}

function refused(name: string, problems: readonly string[], cause?: unknown): Error {
	return new Error(`${name}: ${problems.join("; ")}`, { cause });
}
