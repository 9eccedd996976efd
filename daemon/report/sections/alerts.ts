import type { Json } from "../../../base/json.ts";
import type { AlertFacts } from "../../../scenarios/facts.ts";
import { html } from "../html.ts";
import { table } from "../parts.ts";
import type { Section } from "../report.ts";
import { jsonText, none, spanText } from "../units.ts";

/** Each rule: when it fired and resolved, and how it is scored against the faults that were really there. */
export default {
	order: 150,
	per: "case",
	title: "Alerts",
	render({ document: { alerts } }) {
		if (alerts.length === 0) return null;
		const scored = alerts.some(({ score }) => score !== null);
		return table(
			[
				{ label: "rule" },
				{ label: "fired at" },
				{ label: "resolved at" },
				...(scored ? [{ label: "score" }] : []),
			],
			alerts.map((alert) => [
				html`<b>${alert.rule}</b>`,
				alert.firedMs.length === 0 ? "never" : times(alert.firedMs),
				alert.firedMs.length === 0 ? none : resolvedText(alert),
				...(scored ? [scoreText(alert.score)] : []),
			]),
		);
	},
} satisfies Section;

function resolvedText({ firedMs, resolvedMs }: AlertFacts): string {
	const open = firedMs.length > resolvedMs.length;
	return [
		...(resolvedMs.length > 0 ? [times(resolvedMs)] : []),
		...(open ? ["still firing at the end"] : []),
	].join("; ");
}

function times(all: readonly number[]): string {
	return all.map((ms) => spanText(ms)).join(", ");
}

/** Whatever a score is made of: its numbers by their names. */
function scoreText(score: Json): string {
	if (typeof score !== "object" || score === null || Array.isArray(score)) return jsonText(score);
	return Object.entries(score)
		.map(([name, value]) => `${wordsOf(name)} ${valueText(name, value)}`)
		.join(", ");
}

function wordsOf(name: string): string {
	return name
		.replace(/Ms$/, "")
		.replaceAll(/([a-z])([A-Z])/g, "$1 $2")
		.toLowerCase();
}

function valueText(name: string, value: Json): string {
	if (typeof value !== "number") return jsonText(value);
	return name.endsWith("Ms") ? spanText(value) : String(Number(value.toPrecision(3)));
}
