/** What a piece of text is to its reader; the theme decides how that looks. */
export type Tone =
	| "plain"
	| "dim"
	| "strong"
	| "good"
	| "bad"
	| "warn"
	| "accent"
	| "offered"
	| "inverse";

export interface Span {
	text: string;
	tone: Tone;
}

export type Line = Span[];

export function span(text: string, tone: Tone = "plain"): Span {
	return { text, tone };
}

export function widthOf(line: Line): number {
	return line.reduce((sum, { text }) => sum + text.length, 0);
}

/** The line without its tones. */
export function plainText(line: Line): string {
	return line.map(({ text }) => text).join("");
}

/** At most `width` columns; what is cut ends in an ellipsis. */
export function cut(text: string, width: number): string {
	if (text.length <= width) return text;
	return width <= 0 ? "" : `${text.slice(0, width - 1)}…`;
}

/** Exactly `width` columns: cut with an ellipsis, or filled with spaces. */
export function fit(line: Line, width: number): Line {
	const fitted: Line = [];
	let left = width;
	for (const [i, { text, tone }] of line.entries()) {
		if (left <= 0) break;
		const more = line.slice(i + 1).some((next) => next.text !== "");
		// The last column goes to the ellipsis where whole pieces would fall away behind this one.
		const shown = more && text.length === left ? `${text.slice(0, left - 1)}…` : cut(text, left);
		fitted.push({ text: shown, tone });
		left -= shown.length;
	}
	if (left > 0) fitted.push(span(" ".repeat(left)));
	return fitted;
}

/** `left` and `right` at the two ends of `width` columns; `right` wins where both do not fit. */
export function ends(left: Line, right: Line, width: number): Line {
	const room = width - widthOf(right);
	return room <= 1 ? fit(right, width) : [...fit(left, room - 1), span(" "), ...right];
}

/** Words of the text on as many lines as they need; words longer than a line are broken. */
export function wrap(text: string, width: number): string[] {
	if (width <= 0) return [];
	const lines: string[] = [];
	let line = "";
	for (let word of text.split(" ")) {
		if (line !== "" && line.length + 1 + word.length > width) {
			lines.push(line);
			line = "";
		}
		while (word.length > width) {
			lines.push(word.slice(0, width));
			word = word.slice(width);
		}
		line = line === "" ? word : `${line} ${word}`;
	}
	return [...lines, line];
}

/** `lines` on exactly `height` rows of `width` columns. */
export function block(lines: readonly Line[], width: number, height: number): Line[] {
	return Array.from({ length: Math.max(0, height) }, (_, row) => fit(lines[row] ?? [], width));
}

// Control characters, escape sequences in particular, would act on the terminal.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /\u001b\[[0-9;?]*[A-Za-z]|[\u0000-\u001f\u007f-\u009f]+/g;
const marks = /\p{M}/gu;
/** Takes two columns, or more than one code unit: both would shift what follows on the line. */
const wide =
	/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{10000}-\u{10ffff}]/gu;

/** Text from scenarios and services, made safe for a terminal: one column per character, no control characters. */
export function clean(text: string): string {
	return text.replace(controls, " ").replace(marks, "").replace(wide, "?").trim();
}
