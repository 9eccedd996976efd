import { durationText } from "../../text/numbers.ts";

/** The two widths that every chart is drawn in: one that is only scaled is unreadable on a phone. */
export const widthsPx = { wide: 880, narrow: 344 } as const;

/** A time axis in pixels: all charts of a load lie on the same one. */
export interface Frame {
	widthPx: number;
	leftPx: number;
	rightPx: number;
	fromMs: number;
	toMs: number;
}

export function frameOf(widthPx: number, span: { fromMs: number; toMs: number }): Frame {
	// A run that ended at once has no width; an axis must have one.
	const toMs = Math.max(span.toMs, span.fromMs + 1);
	return { widthPx, leftPx: 58, rightPx: 14, fromMs: span.fromMs, toMs };
}

export function xOf(frame: Frame, ms: number): number {
	const { widthPx, leftPx, rightPx, fromMs, toMs } = frame;
	const inside = Math.min(Math.max(ms, fromMs), toMs);
	return leftPx + ((inside - fromMs) / (toMs - fromMs)) * (widthPx - leftPx - rightPx);
}

const stepsMs = [
	10,
	20,
	50,
	100,
	200,
	500,
	...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200].map((s) => s * 1_000),
];
const tickPx = 52;

/** Round instants, as many as there is room for. */
export function timeTicks(frame: Frame): number[] {
	const most = (frame.widthPx - frame.leftPx - frame.rightPx) / tickPx;
	const lengthMs = frame.toMs - frame.fromMs;
	const stepMs = stepsMs.find((ms) => lengthMs / ms <= most) ?? lengthMs;
	const first = Math.ceil(frame.fromMs / stepMs);
	const count = Math.floor(frame.toMs / stepMs) - first + 1;
	if (count < 1) return [frame.fromMs];
	return Array.from({ length: count }, (_, i) => (first + i) * stepMs);
}

/** An instant on the axis: `0.5 s`, `12 s`, `2 min 05 s`. */
export function tickText(ms: number): string {
	return ms < 120_000 ? `${Number((ms / 1_000).toFixed(2))} s` : durationText(ms);
}

/** Limits and ticks of a logarithmic axis for these values: steps of 1, 2, 5, or of ten where those are too many. */
export function logTicks(values: readonly number[]): { min: number; max: number; ticks: number[] } {
	const least = Math.min(...values);
	const greatest = Math.max(...values);
	const decades = Array.from({ length: 14 }, (_, i) => 10 ** (i - 5));
	const fine = decades.flatMap((ten) => [ten, round(2 * ten), round(5 * ten)]);
	for (const grid of [fine, decades]) {
		const from = Math.max(
			grid.findLastIndex((tick) => tick <= least),
			0,
		);
		const found = grid.findIndex((tick) => tick >= greatest);
		const to = Math.max(found < 0 ? grid.length - 1 : found, from + 1);
		const ticks = grid.slice(from, to + 1);
		if (ticks.length <= 8 || grid === decades) return { min: ticks[0]!, max: ticks.at(-1)!, ticks };
	}
	throw new RangeError("no grid");
}

/** Limits and ticks of a linear axis for these values: round numbers, in three to five steps. */
export function linearTicks(
	least: number,
	most: number,
): { min: number; max: number; ticks: number[] } {
	// One value has an axis too.
	if (most <= least) return linearTicks(least, least + (Math.abs(least) || 1));
	const span = most - least;
	const ten = 10 ** Math.floor(Math.log10(span));
	const step =
		[0.2, 0.25, 0.5, 1, 2].map((part) => part * ten).find((size) => span / size <= 5) ?? 2 * ten;
	const first = Math.floor(least / step);
	const last = Math.max(Math.ceil(most / step), first + 1);
	const ticks = Array.from({ length: last - first + 1 }, (_, i) =>
		Number(((first + i) * step).toPrecision(12)),
	);
	return { min: ticks[0]!, max: ticks.at(-1)!, ticks };
}

function round(value: number): number {
	return Number(value.toPrecision(1));
}
