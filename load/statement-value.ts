/** A number as it was written. */
export class Digits {
	readonly source: string;

	constructor(source: string) {
		this.source = source;
	}
}

/**
 * A value of JSON as the text that Postgres reads it from: null as NULL, an array as an array, an object as JSON, a
 * number in its own digits. Throws what a text of Postgres can't hold; the message goes on after the value's name.
 */
export function valueText(value: unknown): string | null {
	if (value === null) return null;
	if (Array.isArray(value)) return arrayText(value);
	return typeof value === "object" && !(value instanceof Digits) ? jsonText(value) : scalar(value);
}

function scalar(value: unknown): string {
	if (value instanceof Digits) return value.source;
	const text = String(value);
	if (text.includes("\0"))
		throw new Error("has a NUL character, which no text of Postgres can have");
	if (!text.isWellFormed()) throw new Error("has half of a character (a lone surrogate)");
	return text;
}

function arrayText(values: readonly unknown[]): string {
	return `{${values.map(element).join(",")}}`;
}

function element(value: unknown): string {
	if (value === null) return "NULL";
	if (Array.isArray(value)) return arrayText(value);
	if (value instanceof Digits || typeof value === "boolean") return scalar(value);
	return `"${valueText(value)!.replace(/["\\]/g, "\\$&")}"`;
}

/** `JSON.stringify`, but for numbers: these keep their digits. */
function jsonText(value: unknown): string {
	if (value instanceof Digits) return value.source;
	if (Array.isArray(value)) return `[${value.map(jsonText).join(",")}]`;
	if (typeof value !== "object" || value === null) return JSON.stringify(value);
	const members = Object.entries(value).map(
		([name, member]) => `${JSON.stringify(name)}:${jsonText(member)}`,
	);
	return `{${members.join(",")}}`;
}
