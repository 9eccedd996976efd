import { type Chooser, type Draft, draftOf, forSteps, obstacleOf } from "../chooser.ts";
import type { Dashboard } from "../dashboard.ts";
import { clean, fit, type Line, type Span, span, type Tone, wrap } from "../text.ts";

/** Outer size: the fewest columns that hold all three lists, and as many rows as are of use. */
export const chooserColumns = 48;
export const chooserRows = 34;

/** As wide as the longest kind, and as any time; names of places get the rest. */
const kindWidth = 23;
const forWidth = 7;
/** Of the sheet's height what the lists get at least. */
const listLeast = 3;
const aboutLeast = 5;

/** Kinds, places and times side by side; below them what the chosen fault does, and what Enter would inject. */
export function chooserLines(state: Dashboard, { width, height }: Size): Line[] {
	const { kinds, chooser } = state.byHand;
	const draft = draftOf(state.byHand);
	if (draft === null) return [[span("asking the daemon which faults can act here …", "dim")]];
	// As high for every kind, so that the list stays where it is while one moves through it.
	const most = Math.max(aboutLeast, Math.floor(height / 3));
	const highest = Math.max(
		...kinds.map(({ kind }) => {
			const other = draftOf({ kinds, chooser: { ...chooser, kind } });
			return other === null ? 0 : aboutLines(other, width).length;
		}),
	);
	const aboutRows = Math.min(highest, most);
	const rows = Math.max(listLeast, height - 2 - aboutRows);
	const lists = [
		listOf("kind", chooser, {
			names: kinds.map(({ kind }) => kind),
			chosen: draft.row.kind,
			dim: new Set(kinds.filter((row) => obstacleOf(row) !== null).map(({ kind }) => kind)),
		}),
		listOf("on", chooser, { names: draft.row.on, chosen: draft.on }),
		listOf("for", chooser, {
			names: forSteps.map(timeText),
			chosen: timeText(draft.forMs),
		}),
	].map(({ head, lines, at }) => [[head], ...windowOf(lines, at, rows)]);
	const widths = [kindWidth, width - kindWidth - forWidth - 2, forWidth];
	const shown = Math.max(...lists.map((lines) => lines.length));
	return [
		...Array.from({ length: shown }, (_, row) =>
			lists.flatMap(
				(lines, i): Line => [
					...fit(lines[row] ?? [], widths[i] ?? 0),
					...(i < lists.length - 1 ? [span(" ")] : []),
				],
			),
		),
		[],
		...aboutLines(draft, width).slice(0, aboutRows),
	];
}

interface Size {
	width: number;
	height: number;
}

interface List {
	names: readonly string[];
	chosen: string | null;
	dim?: ReadonlySet<string>;
}

function listOf(column: Chooser["column"], chooser: Chooser, { names, chosen, dim }: List) {
	const active = chooser.column === column;
	const head: Span = span(`  ${column}`, active ? "strong" : "dim");
	const lines = names.map((name): Line => {
		const tone = dim?.has(name) ? "dim" : "plain";
		if (name !== chosen) return [span("  "), span(clean(name), tone)];
		return [span("▶ ", "accent"), span(clean(name), active ? "inverse" : "strong")];
	});
	return { head, lines, at: names.indexOf(chosen ?? "") };
}

/** So many of the lines, with the chosen one among them; the edges say that there are more. */
function windowOf(lines: readonly Line[], at: number, rows: number): Line[] {
	const from = Math.max(0, Math.min(at - Math.floor(rows / 2), lines.length - rows));
	const shown = lines.slice(from, from + rows);
	const more = (count: number): Line => [span(`  … ${count} more`, "dim")];
	if (from > 0) shown[0] = more(from + 1);
	const below = lines.length - from - rows;
	if (below > 0) shown[rows - 1] = more(below + 1);
	return shown;
}

/** What Enter would do, with what, and what that means to its victim: the last goes first where rows are few. */
function aboutLines({ row, on, forMs, params, amount, obstacle }: Draft, width: number): Line[] {
	const text = (words: string, tone: Tone) =>
		wrap(clean(words), width).map((line): Line => [span(line, tone)]);
	if (obstacle !== null) return [...text(obstacle, "warn"), ...text(row.victim, "dim")];
	const given = Object.entries(params).map(([name, value]): Line => {
		const about = row.params.properties?.[name]?.description ?? "";
		const keys = name === amount ? "  +- " : "  ";
		return [span(`${name} ${value}`, "strong"), span(keys, "accent"), span(clean(about), "dim")];
	});
	const what = ` ${row.kind} on ${clean(on ?? "")} for ${timeText(forMs)}`;
	return [[span("Enter", "accent"), span(what, "strong")], ...given, ...text(row.victim, "dim")];
}

function timeText(ms: number): string {
	return ms < 60_000 ? `${ms / 1_000} s` : `${ms / 60_000} min`;
}
