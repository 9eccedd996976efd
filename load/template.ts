import { FaultlineError } from "../base/errors.ts";

/** The text of operation `n`: the same seed and number give the same text. */
export type Template = (n: number) => string;

/** `{n}` and `{random(1,1000)}`; any other brace is text, so that JSON needs no escape. */
const hole = /\{n\}|\{random\((-?\d+),\s*(-?\d+)\)\}/g;

/** Null where every operation has the same text. */
export function constantOf(text: string): string | null {
	return text.search(hole) === -1 ? text : null;
}

/** Reads a template; a range that is empty or too wide for whole numbers is refused. */
export function templateOf(text: string, seed: number): Template {
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

function holeOf([written, low, high]: RegExpExecArray, seed: number, place: number): Template {
	if (low === undefined || high === undefined) return (n) => String(n);
	const from = Number(low);
	const size = Number(high) - from + 1;
	if (size < 1 || size > 2 ** 32)
		throw new FaultlineError(
			"FLT_USAGE",
			`${written} draws from ${size < 1 ? "an empty range" : "more than 2^32 numbers"}`,
			"write {random(LOWEST,HIGHEST)} with whole numbers",
		);
	return (n) => String(from + Math.floor(uniform(seed, place, n) * size));
}

/** A number in [0, 1) by operation number alone, without a stream to keep: MurmurHash3's finalizer, 32 bits. */
function uniform(seed: number, place: number, n: number): number {
	let hash = Math.imul(n + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca77) ^ place;
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
