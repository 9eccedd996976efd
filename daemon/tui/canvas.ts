import blessed, { type Widgets } from "blessed";
// The package as a whole would load maps and a markdown renderer besides, and 15 MB with them.
import canvas from "blessed-contrib/lib/widget/canvas.js";
import { asciiPlot } from "./ascii.ts";
import type { Rect } from "./layout.ts";
import type { Stroke } from "./plot.ts";
import type { Theme } from "./theme.ts";

/** A rectangle of braille dots on the screen. The only use of blessed-contrib: to replace it, replace this. */
export class PlotCanvas {
	readonly #element: ReturnType<typeof canvas>;
	readonly #theme: Theme;

	constructor(screen: Widgets.Screen, rect: Rect, theme: Theme) {
		this.#theme = theme;
		this.#element = canvas({ ...rect, wrap: false });
		// Its own rule leaves room for a border and labels of a chart, which are drawn apart here.
		const size = { width: rect.width * 2, height: rect.height * 4 };
		this.#element.calcSize = () => {
			this.#element.canvasSize = size;
		};
		screen.append(this.#element);
	}

	draw(strokes: readonly Stroke[]): void {
		const { ctx, canvasSize } = this.#element;
		ctx.clearRect(0, 0, canvasSize.width, canvasSize.height);
		for (const { tone, dotted, points } of strokes) {
			ctx.strokeStyle = this.#theme.strokeColour(tone);
			for (const [from, to] of dotted ? dots(points) : segments(points)) {
				ctx.beginPath();
				ctx.moveTo(...from);
				ctx.lineTo(...to);
				ctx.stroke();
			}
		}
	}
}

/** A plot's rectangle in letters, where the terminal shows no braille. */
export class PlotLetters {
	readonly #element: Widgets.BoxElement;
	readonly #rect: Rect;
	readonly #theme: Theme;

	constructor(screen: Widgets.Screen, rect: Rect, theme: Theme) {
		this.#element = blessed.box({ parent: screen, wrap: false, ...rect });
		this.#rect = rect;
		this.#theme = theme;
	}

	draw(strokes: readonly Stroke[]): void {
		const lines = asciiPlot(strokes, this.#rect).map((line) => this.#theme.paint(line));
		this.#element.setContent(lines.join("\n"));
	}
}

type Point = [x: number, y: number];

function segments(points: readonly Point[]): [Point, Point][] {
	const [only] = points;
	if (points.length === 1 && only !== undefined) return [[only, only]];
	return points.slice(1).map((point, i): [Point, Point] => [points[i] ?? point, point]);
}

/** Every other dot of an upright. */
function dots(points: readonly Point[]): [Point, Point][] {
	const [from, to] = points;
	if (from === undefined || to === undefined) return [];
	const count = Math.floor(Math.abs(to[1] - from[1]) / 2) + 1;
	return Array.from({ length: count }, (_, i): [Point, Point] => {
		const dot: Point = [from[0], Math.min(from[1], to[1]) + 2 * i];
		return [dot, dot];
	});
}
