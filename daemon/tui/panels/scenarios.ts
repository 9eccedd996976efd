import { choiceOf } from "../dashboard.ts";
import { clean, cut, ends, type Line, span } from "../text.ts";
import type { MakePanel } from "./panel.ts";
import { verdictSpan } from "./verdict.ts";

/** The scenarios, with what the selected one would be started with and how each ended last. */
export const scenariosPanel: MakePanel = (state, { width, height }) => {
	const rows = state.scenarios.map((row): Line => {
		const selected = row.name === state.selected;
		const mark = span(selected ? "▶ " : "  ", "accent");
		if ("error" in row) {
			return [mark, span(`${row.name} does not load: ${clean(row.error)}`, "bad")];
		}
		const { guard, size } = choiceOf(state, row.name);
		// Where it does not fit the line of keys still says it, for the selected one.
		const start = width < 44 ? "" : row.guarded ? `${size} guard ${guard}` : size;
		const name = cut(row.name, width - 2);
		const verdict = row.lastVerdict === null ? span("–", "dim") : verdictSpan(row.lastVerdict);
		return ends(
			[
				mark,
				span(name, selected ? "strong" : "plain"),
				span(`  ${start}`, selected ? "accent" : "dim"),
			],
			[verdict],
			width,
		);
	});
	const at = state.scenarios.findIndex(({ name }) => name === state.selected);
	const from = Math.max(0, Math.min(at - Math.floor(height / 2), rows.length - height));
	const shown = rows.slice(from, from + height);
	if (rows.length === 0) shown.push([span("none known yet", "dim")]);
	return {
		title: [span("scenarios", "strong")],
		readouts: [[span("last verdict", "dim")]],
		lines: shown,
	};
};
