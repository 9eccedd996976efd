import type { Quality } from "./odcs.ts";
import { thresholdOf } from "./rules.ts";
import { textOf } from "./text-of.ts";

// Whether what is stated now allows no more than what was stated before: whoever could rely on that still can.

/** Known of rules that ask the same and only bound it closer, or that name fewer values as valid; of no others. */
export function isTighterRule(was: Quality, is: Quality): boolean {
	const [old, now] = [askedOf(was), askedOf(is)];
	if (textOf(old.rest) === textOf(now.rest)) {
		const [accepts, acceptsNow] = [thresholdOf(was), thresholdOf(is)];
		if (accepts === null || acceptsNow === null) return false;
		return probesOf([...old.bounds, ...now.bounds]).every(
			(value) => accepts.holds(value) || !acceptsNow.holds(value),
		);
	}
	const valid = new Set(was.arguments?.validValues);
	return (
		allowsFew(was) &&
		textOf(withoutValid(was)) === textOf(withoutValid(is)) &&
		(is.arguments?.validValues ?? []).length > 0 &&
		is.arguments!.validValues!.every((value) => valid.has(value))
	);
}

/** Known of bounds. */
export function isTighterOption(option: string, was: unknown, is: unknown): boolean {
	if (typeof was !== "number" || typeof is !== "number") return false;
	if (/^(?:minimum|exclusiveMinimum|minLength)$/.test(option)) return is > was;
	return /^(?:maximum|exclusiveMaximum|maxLength)$/.test(option) && is < was;
}

const operators = [
	"mustBe",
	"mustNotBe",
	"mustBeGreaterThan",
	"mustBeGreaterOrEqualTo",
	"mustBeLessThan",
	"mustBeLessOrEqualTo",
	"mustBeBetween",
	"mustNotBeBetween",
];

/** What a rule asks for, and the numbers that bound it. */
function askedOf(rule: Quality): { rest: object; bounds: number[] } {
	const entries = Object.entries(rule);
	const isBound = ([key]: [string, unknown]) => operators.includes(key);
	return {
		rest: Object.fromEntries(entries.filter((one) => !isBound(one))),
		bounds: entries.filter(isBound).flatMap(([, bound]) => [bound].flat().map(Number)),
	};
}

/** Values that tell apart what changes its answer at these bounds only. */
function probesOf(bounds: readonly number[]): number[] {
	return bounds.flatMap((a) => [a - 1, a, a + 1, ...bounds.map((b) => (a + b) / 2)]);
}

/** The rule counts what is wrong, and there may be none of it, or up to so much. */
function allowsFew({ metric, mustBe, mustBeLessThan, mustBeLessOrEqualTo }: Quality): boolean {
	if (metric !== "invalidValues") return false;
	return mustBe === 0 || mustBeLessThan !== undefined || mustBeLessOrEqualTo !== undefined;
}

function withoutValid({ arguments: given = {}, ...rule }: Quality): object {
	const { validValues: _, ...others } = given;
	return { ...rule, arguments: others };
}
