// What a column holds, seen in a sample: what kinds of values, how long, how large, and which value stood at which key.

/** The values of a column in the sampled rows, by the rows' keys. */
export type Sample = Record<string, string | null>;

/** What is remembered of a column to know it again by. */
export interface Content {
	sample: Sample;
}

type ValueClass = "missing" | "integer" | "decimal" | "time" | "email" | "code" | "word" | "words";

function classOf(value: string | null): ValueClass {
	if (value === null || value === "") return "missing";
	if (/^-?\d+$/.test(value)) return "integer";
	if (/^-?\d+\.\d+$/.test(value)) return "decimal";
	if (/^\d{4}-\d\d-\d\d/.test(value)) return "time";
	if (/^[^\s@]+@[^\s@]+$/.test(value)) return "email";
	if (/\s/.test(value)) return "words";
	return /\d/.test(value) ? "code" : "word";
}

/** From 0 to 1: how much the values of two columns look as if of one kind. */
export function profileScore(a: Content, b: Content): number {
	const [ours, theirs] = [Object.values(a.sample), Object.values(b.sample)];
	if (ours.length === 0 || theirs.length === 0) return 1;
	const mix = mixScore(ours, theirs);
	const [size, otherSize] = [typicalSize(ours), typicalSize(theirs)];
	if (size === null || otherSize === null) return mix;
	return mix * ratioScore(size, otherSize);
}

/** The shares of the classes that both have. */
function mixScore(ours: readonly (string | null)[], theirs: readonly (string | null)[]): number {
	const shares = (values: readonly (string | null)[]) => {
		const counts = Map.groupBy(values, classOf);
		return (name: ValueClass) => (counts.get(name)?.length ?? 0) / values.length;
	};
	const [here, there] = [shares(ours), shares(theirs)];
	const classes = new Set([...ours, ...theirs].map(classOf));
	let shared = 0;
	for (const name of classes) shared += Math.min(here(name), there(name));
	return shared;
}

/** The middle of the numbers, or of the lengths where there are none; null where there is nothing. */
function typicalSize(
	values: readonly (string | null)[],
): { numbers: boolean; middle: number } | null {
	const there = values.filter((value) => value !== null && value !== "") as string[];
	if (there.length === 0) return null;
	const numbers = there.filter((value) => /^-?\d+(\.\d+)?$/.test(value));
	const isNumeric = numbers.length * 2 > there.length;
	const sizes = isNumeric
		? numbers.map((value) => Math.abs(Number(value)))
		: there.map((value) => value.length);
	return { numbers: isNumeric, middle: sizes.sort((x, y) => x - y)[sizes.length >> 1]! };
}

/** Three times as large is a third as alike; lengths say less than numbers. */
function ratioScore(
	a: { numbers: boolean; middle: number },
	b: { numbers: boolean; middle: number },
): number {
	if (a.numbers !== b.numbers) return 0.1;
	const ratio = Math.max(a.middle + 1, b.middle + 1) / Math.min(a.middle + 1, b.middle + 1);
	return a.numbers ? 1 / ratio : 1 / Math.sqrt(ratio);
}

/** Of the keys that both samples have, the share at which the same value stands; null where they share too few to say. */
export function agreementOf(a: Content, b: Content): number | null {
	const keys = Object.keys(a.sample).filter((key) => Object.hasOwn(b.sample, key));
	if (keys.length < keysMin) return null;
	const equal = keys.filter((key) => sameValue(a.sample[key]!, b.sample[key]!));
	return equal.length / keys.length;
}

const keysMin = 8;

/** `12.50` is `12.5`, and `7` is `7.00`: a number is the same in another type. */
function sameValue(a: string | null, b: string | null): boolean {
	if (a === b) return true;
	if (a === null || b === null) return false;
	const isNumber = /^-?\d+(\.\d+)?$/;
	return isNumber.test(a) && isNumber.test(b) && plain(a) === plain(b);
}

function plain(number: string): string {
	return number.includes(".") ? number.replace(/\.?0+$/, "") : number;
}

const valuesMin = 8;

/** Why a column with its old name does not hold what it held; null where nothing speaks against it. */
export function changedIn(was: Content, is: Content): string | null {
	const [before, after] = [was, is].map(({ sample }) =>
		Object.values(sample).filter((value) => classOf(value) !== "missing"),
	) as [string[], string[]];
	if (before.length >= valuesMin && after.length >= valuesMin && mixScore(before, after) < 0.3)
		return "its values are of another kind";
	const ratio = ratioOf(was, is);
	return ratio === null ? null : `at the same keys its values are ${ratio} times what they were`;
}

/** What nearly all numbers at the same keys have been multiplied by; null where they have not, or too few are there. */
function ratioOf(was: Content, is: Content): number | null {
	const ratios = Object.keys(was.sample).flatMap((key) => {
		const [before, after] = [
			Number(was.sample[key] ?? Number.NaN),
			Number(is.sample[key] ?? Number.NaN),
		];
		const ratio = after / before;
		return Number.isFinite(ratio) && ratio > 0 ? [ratio] : [];
	});
	if (ratios.length < valuesMin) return null;
	const middle = ratios.toSorted((a, b) => a - b)[ratios.length >> 1]!;
	const near = ratios.filter((ratio) => Math.abs(ratio / middle - 1) < 0.05);
	if (near.length < 0.7 * ratios.length || Math.abs(Math.log10(middle)) < 0.2) return null;
	return Number(middle.toPrecision(2));
}

/** From 0 to 1: both at once, as far as they can be told. */
export function contentScore(a: Content, b: Content): number {
	const agreement = agreementOf(a, b);
	const profile = profileScore(a, b);
	return agreement === null ? profile : (profile + agreement) / 2;
}
