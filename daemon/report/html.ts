import { forTerminal } from "../../base/terminal.ts";
/** Text that is HTML already. Only `html` makes it, so nothing reaches a page that was not escaped or written by us. */
export class Html {
	readonly text: string;

	constructor(text: string) {
		this.text = text;
	}
}

/** What may stand in a template: nothing is shown of what is null or false. */
export type Shown = Html | string | number | null | false | readonly Shown[];

/** HTML from a template; whatever is put in is escaped, unless it is HTML itself. */
export function html(strings: TemplateStringsArray, ...values: readonly Shown[]): Html {
	return new Html(
		strings.map((text, i) => text + (i < values.length ? shown(values[i]!) : "")).join(""),
	);
}

/** HTML that another library made. */
export function trusted(text: string): Html {
	return new Html(text);
}

export function escaped(text: string): string {
	return forTerminal(text).replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function shown(value: Shown): string {
	if (value === null || value === false) return "";
	if (value instanceof Html) return value.text;
	if (typeof value === "object") return value.map(shown).join("");
	return escaped(String(value));
}
