import blessed, { type Widgets } from "blessed";
import { asciiLine, showsUnicode } from "./ascii.ts";
import { PlotCanvas, PlotLetters } from "./canvas.ts";
import type { Frame } from "./compose.ts";
import type { Size } from "./layout.ts";
import { type Theme, themeFor } from "./theme.ts";

/** The terminal: draws frames and hears keys. All that is known of blessed is here and in `canvas.ts`. */
export class TerminalScreen {
	readonly #screen: Widgets.Screen;
	readonly #theme: Theme;
	#texts: Widgets.BoxElement[] = [];
	#plots: (PlotCanvas | PlotLetters)[] = [];
	readonly #isUnicode = showsUnicode(process.env);
	/** Which rectangles there are. */
	#shape = "";
	/** What they show. */
	#shown = "";

	constructor() {
		// With the alternate character set, lines of a terminal that mistakes it become rows of q and x.
		process.env.NCURSES_NO_UTF8_ACS ??= "1";
		this.#screen = withoutErrors(() =>
			blessed.screen({
				title: "faultline",
				forceUnicode: this.#isUnicode,
				...(process.env.TERM === undefined ? { terminal: "xterm" } : {}),
			}),
		);
		this.#theme = themeFor(coloursOf(this.#screen.tput), Boolean(process.env.NO_COLOR));
	}

	get size(): Size {
		return { width: Number(this.#screen.width), height: Number(this.#screen.height) };
	}

	onKey(listener: (key: string) => void): void {
		this.#screen.on("keypress", (ch: string | undefined, key: { full?: string } | undefined) => {
			const name = key?.full ?? ch;
			if (name !== undefined) listener(name);
		});
	}

	onResize(listener: () => void): void {
		this.#screen.on("resize", listener);
	}

	/** Shows the frame; nothing is written where it is the one that is shown. */
	draw(frame: Frame): void {
		const shown = JSON.stringify(frame);
		if (shown === this.#shown) return;
		this.#shown = shown;
		const shape = JSON.stringify([
			frame.texts.map(({ rect }) => rect),
			frame.plots.map(({ rect }) => rect),
		]);
		if (shape !== this.#shape) this.#rebuild(frame);
		this.#shape = shape;
		for (const [i, { lines }] of frame.texts.entries()) {
			const shown = this.#isUnicode ? lines : lines.map(asciiLine);
			this.#texts[i]?.setContent(shown.map((line) => this.#theme.paint(line)).join("\n"));
		}
		for (const [i, { strokes }] of frame.plots.entries()) this.#plots[i]?.draw(strokes);
		this.#screen.render();
	}

	/** Gives the terminal and this process group to the shell, and draws everything again when it comes back. */
	suspend(): void {
		// Its type leaves both out. The program's own pause would write a turn later, and there is none before the stop.
		const screen = this.#screen as Widgets.Screen & { leave(): void; enter(): void };
		screen.leave();
		const resume = screen.program.pause();
		process.once("SIGCONT", () => {
			resume();
			screen.enter();
			screen.render();
		});
		process.kill(0, "SIGTSTP");
	}

	/** Gives the terminal back as it was; any number of times. */
	close(): void {
		this.#screen.destroy();
	}

	/** A canvas can't change its size, so after a change of layout everything is made anew. */
	#rebuild(frame: Frame): void {
		for (const child of [...this.#screen.children]) child.detach();
		this.#texts = frame.texts.map(({ rect }) =>
			blessed.box({ parent: this.#screen, wrap: false, ...rect }),
		);
		const Plot = this.#isUnicode ? PlotCanvas : PlotLetters;
		this.#plots = frame.plots.map(({ rect }) => new Plot(this.#screen, rect, this.#theme));
	}
}

/** Its type leaves out what is read from the terminal's description. */
function coloursOf(tput: object): number {
	return "colors" in tput && typeof tput.colors === "number" ? tput.colors : 8;
}

/** blessed prints its own code for each capability it can't compile, such as one of `screen-256color`; none matters. */
function withoutErrors<T>(make: () => T): T {
	const { error } = console;
	console.error = () => {};
	try {
		return make();
	} finally {
		console.error = error;
	}
}
