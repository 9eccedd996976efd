import type { Line, Tone } from "./text.ts";

/** How tones look on a terminal. */
export interface Theme {
	/** The line with its colours as escape sequences. */
	paint(line: Line): string;
	/** The colour of a stroke, as the canvas names colours. */
	strokeColour(tone: Tone): string | number;
}

const none: Record<Tone, string> = {
	plain: "",
	dim: "",
	strong: "1",
	good: "",
	bad: "1",
	warn: "1",
	accent: "",
	offered: "",
	inverse: "7",
};

const coloured: Record<Tone, string> = {
	plain: "",
	dim: "",
	strong: "1",
	good: "32",
	bad: "31",
	warn: "33",
	accent: "36",
	offered: "34",
	inverse: "7",
};

// Gray exists from 16 colours on; as one of 8 it would be black, on black.
const manyColours: Record<Tone, string> = {
	...coloured,
	dim: "38;5;245",
	offered: "38;5;69",
};

const strokeNames: Record<Tone, string> = {
	plain: "normal",
	dim: "normal",
	strong: "normal",
	good: "green",
	bad: "red",
	warn: "yellow",
	accent: "cyan",
	offered: "blue",
	inverse: "normal",
};

/** The theme for a terminal with so many colours; with NO_COLOR only bold and inverse remain. */
export function themeFor(colours: number, noColour: boolean): Theme {
	const codes = noColour ? none : colours >= 256 ? manyColours : coloured;
	return {
		paint: (line) =>
			line
				.map(({ text, tone }) => (codes[tone] === "" ? text : `\x1b[${codes[tone]}m${text}\x1b[0m`))
				.join(""),
		strokeColour: (tone) => {
			if (noColour) return "normal";
			return colours >= 256 && tone === "offered" ? 69 : strokeNames[tone];
		},
	};
}
