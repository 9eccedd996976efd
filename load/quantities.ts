import { FaultlineError } from "../base/errors.ts";

const unitsMs: Record<string, number> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `500ms`, `30s`, `1.5m`, in milliseconds; a number alone is refused but for 0, for nobody could tell its unit. */
export function durationMs(text: string, what: string): number {
	if (text.trim() === "0") return 0;
	const [, number, unit] = /^(\d+(?:\.\d+)?)(us|ms|s|m|h)$/.exec(text.trim()) ?? [];
	if (number !== undefined && unit !== undefined) return Number(number) * unitsMs[unit]!;
	throw new FaultlineError(
		"FLT_USAGE",
		`${what} is "${text}"`,
		"write a number and a unit: 250us, 500ms, 30s, 5m, 1h",
	);
}

/** A length of time that is not 0. */
export function someDurationMs(text: string, what: string): number {
	const ms = durationMs(text, what);
	if (ms > 0) return ms;
	throw new FaultlineError(
		"FLT_USAGE",
		`${what} is ${text.trim()}`,
		"give it a length, such as 10s",
	);
}

/** A number within bounds. */
export function numberIn(
	text: string,
	what: string,
	{ min, max, whole = false }: { min: number; max: number; whole?: boolean },
): number {
	const isNumber = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text.trim());
	const value = isNumber ? Number(text) : Number.NaN;
	if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
	throw new FaultlineError(
		"FLT_USAGE",
		`${what} is "${text}"`,
		`give it a ${whole ? "whole " : ""}number from ${min} to ${max}`,
	);
}
