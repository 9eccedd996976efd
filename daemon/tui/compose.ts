import type { Dashboard } from "./dashboard.ts";
import {
	footerRows,
	headerRows,
	layout,
	type PanelId,
	panelIds,
	type Rect,
	type Size,
	smallest,
} from "./layout.ts";
import { panels } from "./panels/all.ts";
import { footer } from "./panels/footer.ts";
import { header } from "./panels/header.ts";
import { helpLines } from "./panels/help.ts";
import type { Panel } from "./panels/panel.ts";
import type { Stroke } from "./plot.ts";
import { block, fit, type Line, span, widthOf } from "./text.ts";

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
		const text = `too small: ${width}x${height}, needs ${smallest.width}x${smallest.height}`;
		return {
			texts: [{ id: "small", rect, lines: block([[span(text, "warn")]], width, height) }],
			plots: [],
		};
	}
	const frame: Frame = { texts: [], plots: [] };
	const add = (id: string, rect: Rect, lines: Line[]) =>
		frame.texts.push({ id, rect, lines: block(lines, rect.width, rect.height) });
	add("header", { left: 0, top: 0, width, height: headerRows }, header(state, width));
	const foot = { left: 0, top: height - footerRows, width, height: footerRows };
	add("footer", foot, footer(state, width));
	for (const id of panelIds) {
		const rect = places[id];
		const panel = panelFor(id, state, rect);
		add(id, rect, [rule(panel, rect.width), ...panel.lines]);
		// Help lies over everything, and a plot can't be under it: both are drawn in full.
		if (panel.plot === undefined || state.mode === "help") continue;
		const { left, top, columns, rows, strokes } = panel.plot;
		frame.plots.push({
			id,
			rect: { left: rect.left + left, top: rect.top + 1 + top, width: columns, height: rows },
			strokes,
		});
	}
	if (state.mode === "help") addHelp(state, size, add);
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

function addHelp(
	state: Dashboard,
	size: Size,
	add: (id: string, rect: Rect, lines: Line[]) => void,
) {
	const inner = Math.min(70, size.width - 8);
	const lines = helpLines(state, inner);
	const rows = Math.min(size.height - 2, lines.length + 2);
	const edge = (left: string, right: string): Line => [
		span(`${left}${"─".repeat(inner + 2)}${right}`, "accent"),
	];
	const body = block(lines, inner, rows - 2).map(
		(line): Line => [span("│ ", "accent"), ...line, span(" │", "accent")],
	);
	const rect = {
		left: Math.floor((size.width - inner - 4) / 2),
		top: Math.floor((size.height - rows) / 2),
		width: inner + 4,
		height: rows,
	};
	add("help", rect, [edge("┌", "┐"), ...body, edge("└", "┘")]);
}
