import type { Scale } from "./scale.ts";
import { cut, type Line, span, type Tone } from "./text.ts";

/** Part of a run's time, from its zero: what a chart shows from its left to its right end. */
export interface Window {
	fromMs: number;
	toMs: number;
}

/** A stretch of time with a name, such as a fault in force. `toMs` is null while it lasts. */
export interface Band {
	label: string;
	tone: Tone;
	fromMs: number;
	toMs: number | null;
}

export interface Series {
	tone: Tone;
	/** In order of time; null where there is no value, which leaves a gap. */
	points: { ms: number; value: number | null }[];
}

/** A level over the whole width that the series are held against. */
export interface Guide {
	tone: Tone;
	value: number;
}

/** A line to draw, in dots: two to a column, four to a row, from the upper left corner. */
export interface Stroke {
	tone: Tone;
	dotted: boolean;
	points: [x: number, y: number][];
}

const spansS = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 900, 1_800, 3_600];
const intervalsShown = 120;

/**
 * The window for these intervals: it begins with the first and is a little longer than them, so that the chart grows
 * in few steps; when there are more than 120 it moves on with the last.
 */
export function windowOf(intervals: readonly { fromMs: number; toMs: number }[]): Window {
	const first = intervals[0];
	const last = intervals.at(-1);
	if (first === undefined || last === undefined) return { fromMs: 0, toMs: 5_000 };
	// By the first: the last one may have been cut short by the load's end.
	const mostMs = Math.max(5_000, intervalsShown * (first.toMs - first.fromMs));
	const fromMs = Math.floor(first.fromMs / 1_000) * 1_000;
	if (last.toMs - fromMs > mostMs) return { fromMs: last.toMs - mostMs, toMs: last.toMs };
	const spanS = spansS.find((s) => s * 1_000 >= last.toMs - fromMs);
	return { fromMs, toMs: fromMs + Math.min(mostMs, (spanS ?? Number.POSITIVE_INFINITY) * 1_000) };
}

function shareOf(ms: number, { fromMs, toMs }: Window): number {
	return (ms - fromMs) / (toMs - fromMs);
}

/** The strokes of the series, with the ends of the bands and the guides as dotted lines behind them. */
export function strokesOf(
	series: readonly Series[],
	{ bands, guides }: { bands: readonly Band[]; guides: readonly Guide[] },
	scale: Scale,
	window: Window,
	size: { columns: number; rows: number },
): Stroke[] {
	const xOf = (ms: number) => Math.round(shareOf(ms, window) * (size.columns * 2 - 1));
	const yOf = (value: number) => Math.round((1 - scale.heightOf(value)) * (size.rows * 4 - 1));
	const uprights = bands.flatMap(({ fromMs, toMs, tone }): Stroke[] =>
		[
			{ ms: fromMs, tone },
			{ ms: toMs, tone: "good" as const },
		].flatMap((edge) => {
			if (edge.ms === null || edge.ms < window.fromMs || edge.ms > window.toMs) return [];
			const x = xOf(edge.ms);
			return [
				{
					tone: edge.tone,
					dotted: true,
					points: [
						[x, 0],
						[x, size.rows * 4 - 1],
					],
				},
			];
		}),
	);
	const lines = series.flatMap(({ tone, points }) =>
		runsOf(points.filter(({ ms }) => ms >= window.fromMs && ms <= window.toMs)).map(
			(run): Stroke => ({
				tone,
				dotted: false,
				points: run.map(({ ms, value }) => [xOf(ms), yOf(value)]),
			}),
		),
	);
	const levels = guides.map(({ tone, value }): Stroke => {
		const y = yOf(value);
		return {
			tone,
			dotted: true,
			points: [
				[0, y],
				[size.columns * 2 - 1, y],
			],
		};
	});
	return [...levels, ...uprights, ...lines];
}

/** The points between the gaps. */
function runsOf(points: Series["points"]): { ms: number; value: number }[][] {
	const runs: { ms: number; value: number }[][] = [[]];
	for (const { ms, value } of points) {
		if (value === null) runs.push([]);
		else runs.at(-1)?.push({ ms, value });
	}
	return runs.filter((run) => run.length > 0);
}

/** The labels of the vertical axis, a string for each row; labels that would crowd each other are left out. */
export function yLabels(scale: Scale, rows: number, width: number): string[] {
	const labels: string[] = Array.from({ length: rows }, () => "");
	for (const { value, label } of scale.ticks) {
		const row = Math.floor(Math.round((1 - scale.heightOf(value)) * (rows * 4 - 1)) / 4);
		const near = [row - 1, row, row + 1].some((at) => (labels[at] ?? "") !== "");
		if (!near) labels[row] = label;
	}
	return labels.map((label) =>
		cut(label, width - 1)
			.padStart(width - 1)
			.padEnd(width),
	);
}

const tickStepsS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1_200, 3_600];

/** The labels of the horizontal axis: seconds of the run. */
export function xLabels(window: Window, columns: number): string {
	const room = columns / ((window.toMs - window.fromMs) / 1_000); // columns per second
	const widest = `${Math.ceil(window.toMs / 1_000)} s`.length + 3;
	const stepS = tickStepsS.find((s) => s * room >= widest) ?? 3_600;
	let text = "";
	for (
		let s = Math.ceil(window.fromMs / 1_000 / stepS) * stepS;
		s * 1_000 <= window.toMs;
		s += stepS
	) {
		const at = Math.round(shareOf(s * 1_000, window) * (columns - 1));
		const label = `${s} s`;
		if (at + label.length <= columns) text = text.padEnd(at) + label;
	}
	return text.padEnd(columns);
}

/** The bands as a line under the chart: `├── timeout on db ──┤`, open to the right while one lasts. */
export function bandStrip(bands: readonly Band[], window: Window, columns: number): Line {
	const line: Line = [];
	let at = 0;
	for (const { label, tone, fromMs, toMs } of joined(bands)) {
		const column = (ms: number) => Math.round(shareOf(ms, window) * (columns - 1));
		const from = Math.max(at, column(fromMs));
		const to = Math.min(columns - 1, column(toMs ?? window.toMs));
		if (to < from) continue;
		const width = to - from + 1;
		const inside = width >= label.length + 4;
		const name = inside ? ` ${label} ` : "";
		const before = Math.max(0, Math.floor((width - 2 - name.length) / 2));
		const inner = `${"─".repeat(before)}${name}`.padEnd(Math.max(0, width - 2), "─");
		const bar = width === 1 ? "┼" : `├${inner}${toMs === null ? "▶" : "┤"}`;
		// Beside a bar too short for its name; a next bar that needs the place cuts it.
		const text = inside ? bar : cut(`${bar} ${label}`, columns - from);
		const next = joined(bands).find((band) => column(band.fromMs) > to);
		const room = next === undefined ? text.length : Math.max(width, column(next.fromMs) - from);
		line.push(span(" ".repeat(from - at)), span(text.slice(0, room), tone));
		at = from + Math.min(text.length, room);
	}
	return [...line, span(" ".repeat(Math.max(0, columns - at)))];
}

/** Bands that overlap, as one with both names: there is one line for them. */
function joined(bands: readonly Band[]): Band[] {
	const all: Band[] = [];
	for (const band of bands.toSorted((a, b) => a.fromMs - b.fromMs)) {
		const last = all.at(-1);
		if (last === undefined || (last.toMs !== null && last.toMs <= band.fromMs)) {
			all.push(band);
			continue;
		}
		const toMs = last.toMs === null || band.toMs === null ? null : Math.max(last.toMs, band.toMs);
		all[all.length - 1] = { ...last, label: `${last.label} + ${band.label}`, toMs };
	}
	return all;
}

/** Stretches that follow one another up to `untilMs`, such as phases, each with its name at its left end. */
export function stretchStrip(
	stretches: readonly { label: string; tone: Tone; fromMs: number }[],
	untilMs: number,
	window: Window,
	columns: number,
): Line {
	const column = (ms: number) =>
		Math.max(0, Math.min(columns, Math.round(shareOf(ms, window) * (columns - 1))));
	const line: Line = [span(" ".repeat(column(stretches[0]?.fromMs ?? window.toMs)))];
	for (const [i, { label, tone, fromMs }] of stretches.entries()) {
		const next = stretches[i + 1];
		const width = column(next?.fromMs ?? untilMs) - column(fromMs);
		// A letter and an ellipsis name nothing.
		const text = width < Math.min(5, label.length + 1) ? "│" : cut(`│${label}`, width);
		if (width > 0) line.push(span(text.padEnd(width), tone));
	}
	return line;
}
