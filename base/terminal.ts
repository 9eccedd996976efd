// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text, of any number of lines, in which nothing is obeyed by a terminal: control characters, and marks that turn the
 * direction of writing, are written out as `\u001b`. JSON stays the same JSON. Tabs and line feeds remain.
 */
export function forTerminal(text: string): string {
	return text.replace(obeyed, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
