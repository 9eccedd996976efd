import { minutesInDay, yearBegin } from "./orders.ts";

// Cells as Postgres writes them, so that an answer, a CSV file of psql and the oracle compare as they are.

/** One cell: null or Postgres' own text. */
export type Cell = string | null;
export type Row = readonly Cell[];

/** `2025-01-31`, from the number of a day of the year. */
export function dayText(day: number): string {
	return new Date(yearBegin + day * minutesInDay * 60_000).toISOString().slice(0, 10);
}

/** `2025-01-31 23:59:00`, from the number of a minute of the year. */
export function minuteText(minute: number): string {
	return new Date(yearBegin + minute * 60_000).toISOString().slice(0, 19).replace("T", " ");
}

/**
 * `numerator / denominator` with so many decimals, as `round(numeric, decimals)` has it: halves go away from zero.
 * Null where the denominator is 0.
 */
export function ratioText(numerator: bigint, denominator: bigint, decimals: number): Cell {
	if (denominator === 0n) return null;
	const negative = numerator < 0n !== denominator < 0n && numerator !== 0n;
	const [top, bottom] = [abs(numerator) * 10n ** BigInt(decimals), abs(denominator)];
	const digits = `${(2n * top + bottom) / (2n * bottom)}`.padStart(decimals + 1, "0");
	const split = digits.length - decimals;
	const text = `${digits.slice(0, split)}.${digits.slice(split)}`;
	return negative && /[1-9]/.test(digits) ? `-${text}` : text;
}

function abs(value: bigint): bigint {
	return value < 0n ? -value : value;
}

/** The row as it is compared: to the letter. */
export function comparable(row: Row): string {
	return JSON.stringify(row);
}
