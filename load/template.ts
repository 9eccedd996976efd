import { FaultlineError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";

/** The text of operation `n`: the same seed and number give the same text. */
export type Template = (n: number) => string;

/** `{n}` or `{random(1,1000)}`, with spaces inside or not: the source of a regular expression with two groups. */
export const holePattern = String.raw`\{\s*(?:n|random\(\s*(-?\d+)\s*,\s*(-?\d+)\s*\))\s*\}`;
const hole = new RegExp(holePattern, "g");
const holeStart = new RegExp(holePattern, "y");

const kinds = "{n} is the operation's number, {random(1,1000)} a whole number of a range";
/** A brace, a name, and what follows it: a hole was meant if the name is one, or nearly. */
const named = /\{\s*([A-Za-z_]\w*)\s*(\W|$)([^{}]*)\}?/g;
/** The arguments of `random`, whatever it is called. */
const twoNumbers = /^\s*-?[\d.]+\s*,\s*-?[\d.]+\s*\)\s*$/;

/** Null where every operation has the same text. */
export function constantOf(text: string): string | null {
	return text.search(hole) === -1 ? text : null;
}

/**
 * Refuses what was meant as a hole and is none: misspelt, unclosed, or with other arguments. Braces of JSON, of Redis
 * hash tags and the like are text, and need no escape. `what` names the text.
 */
export function checkTemplate(what: string, text: string): void {
	for (const match of text.matchAll(named)) {
		holeStart.lastIndex = match.index;
		const whole = holeStart.exec(text);
		if (whole !== null) {
			rangeOf(whole);
			continue;
		}
		const meant = meantBy(match);
		if (meant === null) continue;
		const written = match[0].length > 40 ? `${match[0].slice(0, 39)}…` : match[0];
		throw new FaultlineError(
			"FLT_USAGE",
			`${what} has ${JSON.stringify(written)}, which is no template; did you mean "${meant}"?`,
			kinds,
		);
	}
}

/** The hole that was probably meant by what is none; null where it is plainly something else. */
function meantBy([, name = "", after = "", rest = ""]: RegExpExecArray): string | null {
	const isUnclosed = ["", "/", "&", "?"].includes(after);
	if (name.toLowerCase() === "n")
		return isUnclosed || (name === "N" && after === "}") ? "{n}" : null;
	const isCall = after === "(";
	// A field of GraphQL has names before its arguments, and one of an object has a value.
	if (after === ":" || (isCall && rest.includes(":"))) return null;
	const isNear = nearest(name, ["random"]) !== null && (isCall || isUnclosed || after === "}");
	const isCalledSo = name.toLowerCase() === "random";
	if (!isNear && !isCalledSo && !(isCall && twoNumbers.test(rest))) return null;
	const numbers = `${after}${rest}`.match(/-?\d+/g) ?? [];
	return numbers.length === 2 ? `{random(${numbers.join(",")})}` : "{random(1,1000)}";
}

/** Reads a template; a range that is empty or too wide for whole numbers is refused. */
export function templateOf(text: string, seed: number): Template {
	checkTemplate("a template", text);
	const constant = constantOf(text);
	if (constant !== null) return () => constant;
	const parts: Template[] = [];
	let end = 0;
	for (const match of text.matchAll(hole)) {
		const between = text.slice(end, match.index);
		if (between !== "") parts.push(() => between);
		parts.push(holeOf(match, seed, parts.length));
		end = match.index + match[0].length;
	}
	const last = text.slice(end);
	return (n) => {
		let out = "";
		for (const part of parts) out += part(n);
		return out + last;
	};
}

function holeOf(match: RegExpExecArray, seed: number, place: number): Template {
	const range = rangeOf(match);
	if (range === null) return (n) => String(n);
	const { from, size } = range;
	return (n) => String(from + Math.floor(uniform(seed, place, n) * size));
}

/** Null where the hole is no range. */
function rangeOf([written, low, high]: RegExpExecArray): { from: number; size: number } | null {
	if (low === undefined || high === undefined) return null;
	const from = Number(low);
	const size = Number(high) - from + 1;
	const isExact = Number.isSafeInteger(from) && Number.isSafeInteger(Number(high));
	if (size >= 1 && size <= 2 ** 32 && isExact) return { from, size };
	throw new FaultlineError(
		"FLT_USAGE",
		`${written} draws from ${size < 1 ? "an empty range" : "more numbers than can be told apart, or greater ones"}`,
		"write {random(LOWEST,HIGHEST)} with whole numbers, 2^32 of them at most, none beyond 2^53",
	);
}

/** A number in [0, 1) by operation number alone, without a stream to keep: MurmurHash3's finalizer, 32 bits. */
function uniform(seed: number, place: number, n: number): number {
	let hash = Math.imul(n + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca77) ^ place;
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
