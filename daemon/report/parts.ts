import type { Verdict } from "../record/document.ts";
import { type Html, html, type Shown } from "./html.ts";

export interface Column {
	label: string;
	/** Numbers stand to the right, so that they can be compared. */
	numeric?: boolean;
	/** Data, in letters of one width. */
	code?: boolean;
	/** Sentences, which want more room than the rest. */
	wide?: boolean;
	/** Twice as wide as its neighbours on a narrow page. */
	broad?: boolean;
}

/** A table; on a narrow page each row becomes a card, with the names of the columns beside or above the values. */
export function table(columns: readonly Column[], rows: readonly (readonly Shown[])[]): Html {
	const classOf = ({ numeric, code, wide, broad }: Column) =>
		[numeric && "num", code && "code", wide && "wide", broad && "broad"].filter(Boolean).join(" ");
	return html`<table class="${columns.some(({ numeric }) => numeric) ? "many" : ""}"><thead><tr>${columns.map(
		(column) => html`<th scope="col" class="${classOf(column)}">${column.label}</th>`,
	)}</tr></thead><tbody>${rows.map(
		(row) =>
			html`<tr>${columns.map(
				(column, i) =>
					html`<td class="${classOf(column)}" data-label="${column.label}"><span>${row[i] ?? null}</span></td>`,
			)}</tr>`,
	)}</tbody></table>`;
}

/** Names and values, one under the other. */
export function facts(pairs: readonly (readonly [name: string, value: Shown])[]): Html {
	return html`<dl>${pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

export type Tone = "good" | "bad" | "warn" | "plain";

const signs: Record<Tone, string> = { good: "✓", bad: "✗", warn: "!", plain: "·" };

/** A word with a sign and a colour: neither says anything that the word does not. */
export function badge(tone: Tone, word: string): Html {
	return html`<span class="badge ${tone}"><span aria-hidden="true">${signs[tone]}</span> ${word}</span>`;
}

export function toneOf(verdict: Verdict | null): Tone {
	switch (verdict) {
		case "passed":
			return "good";
		case "failed":
			return "bad";
		case "invalid":
			return "warn";
		case null:
			return "plain";
		default:
			return verdict satisfies never;
	}
}

/** The name of a metric or an error code, which may be broken at its joints where there is no room for it. */
export function codeName(name: string): Html {
	const words = name.split(/(?<=_)/);
	return html`<code>${words.map((word, i) => html`${i > 0 && html`<wbr>`}${word}`)}</code>`;
}

/** One of several: `3 checks`, `1 check`. */
export function counted(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
