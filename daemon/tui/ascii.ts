import type { Stroke } from "./plot.ts";
import type { Line, Tone } from "./text.ts";

/**
 * Does a terminal with this environment show more than ASCII? Where the locale is not set at all, as in containers, it
 * nearly always does.
 */
export function showsUnicode(env: NodeJS.ProcessEnv): boolean {
	const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => value);
	return locale === undefined || /utf-?8/i.test(locale);
}

const asAscii: Record<string, string> = {
	"─": "-",
	"│": "|",
	"┈": ".",
	"┌": "+",
	"┐": "+",
	"└": "+",
	"┘": "+",
	"├": "+",
	"┤": "+",
	"┼": "+",
	"▲": "!",
	"▶": ">",
	"▷": ">",
	"›": ">",
	"○": "o",
	"●": "*",
	"✓": "y",
	"✗": "x",
	"…": "~",
	"–": "-",
	"←": "<",
	"→": ">",
	"↑": "^",
	"↓": "v",
	µ: "u",
};

/** A line in ASCII, as many columns wide. */
export function asciiLine(line: Line): Line {
	return line.map(({ text, tone }) => ({
		text: text.replace(/[^\x20-\x7e]/gu, (letter) => asAscii[letter] ?? "?"),
		tone,
	}));
}

/** A plot in letters: strokes are given in dots, two to a column and four to a row; later ones lie over earlier ones. */
export function asciiPlot(
	strokes: readonly Stroke[],
	{ width, height }: { width: number; height: number },
): Line[] {
	const cells = Array.from({ length: height }, () =>
		Array.from({ length: width }, () => ({
			dots: [] as number[],
			tone: "plain" as Tone,
			dotted: false,
		})),
	);
	for (const { tone, dotted, points } of strokes)
		for (const [x, y] of dotsOf(points)) {
			const cell = cells[Math.floor(y / 4)]?.[Math.floor(x / 2)];
			if (cell === undefined) continue;
			if (cell.tone !== tone || cell.dotted !== dotted)
				Object.assign(cell, { dots: [], tone, dotted });
			cell.dots.push(y % 4);
		}
	return cells.map((row) =>
		row.map(({ dots, tone, dotted }) => ({ text: letterOf(new Set(dots), dotted), tone })),
	);
}

function letterOf(rows: ReadonlySet<number>, dotted: boolean): string {
	if (rows.size === 0) return " ";
	if (rows.size > 2) return dotted ? ":" : "|";
	if (dotted) return ".";
	const height = [...rows].reduce((sum, row) => sum + row, 0) / rows.size;
	return height < 1 ? "'" : height > 2 ? "_" : "-";
}

/** Every dot on the way along the points. */
function dotsOf(points: readonly [x: number, y: number][]): [x: number, y: number][] {
	const [first] = points;
	if (first === undefined) return [];
	const dots: [number, number][] = [first];
	for (const [i, [toX, toY]] of points.slice(1).entries()) {
		const [fromX, fromY] = points[i]!;
		const steps = Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY));
		for (let step = 1; step <= steps; step++) {
			const share = step / steps;
			dots.push([
				Math.round(fromX + share * (toX - fromX)),
				Math.round(fromY + share * (toY - fromY)),
			]);
		}
	}
	return dots;
}
