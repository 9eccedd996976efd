import { daysInYear, minutesInDay, yearBegin } from "../orders.ts";

const monthOfDay = Array.from({ length: daysInYear }, (_, day) =>
	new Date(yearBegin + day * minutesInDay * 60_000).getUTCMonth(),
);

export function dayOf(minute: number): number {
	return Math.floor(minute / minutesInDay);
}

/** 0 to 11. */
export function monthOf(minute: number): number {
	return monthOfDay[dayOf(minute)]!;
}

/** The month's first day, as text. */
export function monthText(month: number): string {
	return `2025-${String(month + 1).padStart(2, "0")}-01`;
}

/** The number of the day of the year that a date of it stands for. */
export function dayNumber(date: string | number): number {
	return Math.round((Date.parse(`${date}T00:00:00Z`) - yearBegin) / (minutesInDay * 60_000));
}
