import type { Dashboard } from "./dashboard.ts";
import {
	footerRows,
	headerRows,
	layout,
	type PanelId,
	panelIds,
	type Rect,
	rightColumns,
	type Size,
	smallest,
} from "./layout.ts";
import { panels } from "./panels/all.ts";
import { chooserColumns, chooserLines, chooserRows } from "./panels/chooser.ts";
import { footer, questionOf } from "./panels/footer.ts";
import { header } from "./panels/header.ts";
import { helpLines } from "./panels/help.ts";
import type { Panel } from "./panels/panel.ts";
import type { Stroke } from "./plot.ts";
import { block, fit, type Line, span, widthOf, wrap } from "./text.ts";

/** The whole screen as plain data: text in rectangles, and plots over them, in drawing order. */
export interface Frame {
	texts: { id: string; rect: Rect; lines: Line[] }[];
	plots: { id: string; rect: Rect; strokes: Stroke[] }[];
}

/** The screen for this state and size. */
export function compose(state: Dashboard, size: Size): Frame {
	const places = layout(size);
	const { width, height } = size;
	if (places === null) {
		const rect = { left: 0, top: 0, width, height };
		const text = `too small: ${width}x${height}, needs ${smallest.width}x${smallest.height}; no key acts but q`;
		const lines: Line[] = wrap(text, width).map((line) => [span(line, "warn")]);
		// Where the end of the daemon is asked, what the answer means is to be read.
		const question = state.mode === "asking" ? wrap(questionOf(state), width) : [];
		lines.push(...question.map((line): Line => [span(line, "inverse")]));
		return { texts: [{ id: "small", rect, lines: block(lines, width, height) }], plots: [] };
	}
	const frame: Frame = { texts: [], plots: [] };
	const sheet = sheetOf(state, size);
	const add = (id: string, rect: Rect, lines: Line[]) =>
		frame.texts.push({ id, rect, lines: block(lines, rect.width, rect.height) });
	add("header", { left: 0, top: 0, width, height: headerRows }, header(state, width));
	const foot = { left: 0, top: height - footerRows, width, height: footerRows };
	add("footer", foot, footer(state, width));
	for (const id of panelIds) {
		const rect = places[id];
		const panel = panelFor(id, state, rect);
		add(id, rect, [rule(panel, rect.width), ...panel.lines]);
		if (panel.plot === undefined) continue;
		const { left, top, columns, rows, strokes } = panel.plot;
		const place = { left: rect.left + left, top: rect.top + 1 + top, width: columns, height: rows };
		// A plot can't be under a sheet: both are drawn in full.
		if (sheet !== null && overlap(place, sheet.rect)) continue;
		frame.plots.push({ id, rect: place, strokes });
	}
	if (sheet !== null) add("sheet", sheet.rect, sheet.lines);
	return frame;
}

function panelFor(id: PanelId, state: Dashboard, { width, height }: Rect): Panel {
	return panels[id](state, { width, height: height - 1 });
}

/** `─ title ───────── readout ─`, with as many readouts as fit. */
function rule({ title, readouts = [] }: Panel, width: number): Line {
	const end = [...readouts.keys(), readouts.length]
		.reverse()
		.map((count) =>
			readouts.slice(0, count).flatMap((part, i) => [span(i === 0 ? " " : "  "), ...part]),
		)
		.find((line) => widthOf(title) + widthOf(line) + 7 <= width);
	const right: Line = end === undefined || end.length === 0 ? [] : [...end, span(" ─", "dim")];
	const fill = Math.max(1, width - widthOf(title) - widthOf(right) - 3);
	return fit([span("─ ", "dim"), ...title, span(` ${"─".repeat(fill)}`, "dim"), ...right], width);
}

/** The sheet that lies over the panels: help in the middle, the chooser over the lists, so that charts stay in view. */
function sheetOf(state: Dashboard, { width, height }: Size): { rect: Rect; lines: Line[] } | null {
	switch (state.mode) {
		case "help": {
			const inner = Math.min(70, width - 8);
			const lines = helpLines(state, inner);
			const rows = Math.min(height - 2, lines.length + 2);
			const [left, top] = [(width - inner - 4) / 2, (height - rows) / 2].map(Math.floor);
			const rect = { left: left ?? 0, top: top ?? 0, width: inner + 4, height: rows };
			return { rect, lines: framed("keys", lines, rect) };
		}
		case "choosing": {
			const outer = Math.min(width, Math.max(chooserColumns, rightColumns(width)));
			const rows = Math.min(height - headerRows - footerRows, chooserRows);
			const rect = { left: width - outer, top: headerRows, width: outer, height: rows };
			const inner = { width: outer - 4, height: rows - 2 };
			return { rect, lines: framed("break something by hand", chooserLines(state, inner), rect) };
		}
		case "normal":
		case "asking":
		case "red button":
			return null;
		default:
			return state.mode satisfies never;
	}
}

function framed(title: string, lines: readonly Line[], { width, height }: Rect): Line[] {
	const rest = "─".repeat(Math.max(0, width - title.length - 5));
	const body = block(lines, width - 4, height - 2).map(
		(line): Line => [span("│ ", "accent"), ...line, span(" │", "accent")],
	);
	return [
		[span("┌─ ", "accent"), span(title, "strong"), span(` ${rest}┐`, "accent")],
		...body,
		[span(`└${"─".repeat(width - 2)}┘`, "accent")],
	];
}

function overlap(a: Rect, b: Rect): boolean {
	const apart = (from: number, size: number, other: number, otherSize: number) =>
		from + size <= other || other + otherSize <= from;
	return !apart(a.left, a.width, b.left, b.width) && !apart(a.top, a.height, b.top, b.height);
}
