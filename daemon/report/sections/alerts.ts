import type { Json } from "../../../base/json.ts";
import type { AlertFacts } from "../../../scenarios/contract/facts.ts";
import { html } from "../html.ts";
import { table } from "../parts.ts";
import type { Section } from "../report.ts";
import { none, spanText } from "../units.ts";

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
				...(scored ? scoreColumns.map(({ label }) => ({ label, numeric: true })) : []),
			],
			alerts.map((alert) => [
				html`<b>${alert.rule}</b>`,
				alert.firedMs.length === 0 ? "never" : times(alert.firedMs),
				alert.firedMs.length === 0 ? none : resolvedText(alert),
				...(scored ? scoreColumns.map(({ text }) => text(scoreOf(alert))) : []),
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

type Score = Readonly<Record<string, Json>>;

/** A record may have been written before its rules were scored, or could not be: what is not there is not shown. */
function scoreOf({ score }: { score: Json | object }): Score {
	return typeof score === "object" && score !== null && !Array.isArray(score)
		? (score as Score)
		: {};
}

const scoreColumns: { label: string; text(score: Score): string }[] = [
	{ label: "right when it fires", text: (score) => shareText(score.precision) },
	{ label: "faults it told", text: (score) => shareText(score.recall) },
	{ label: "detects after", text: ({ timeToDetectMs: ms }) => spanText(numberOf(ms)) },
	{
		label: "resolves after",
		text: ({ timeToResolveMs: ms, resolveCensored }) =>
			`${resolveCensored === true ? "≥ " : ""}${spanText(numberOf(ms))}`,
	},
];

function shareText(share: Json | undefined): string {
	const value = numberOf(share);
	return value === null ? none : `${Math.round(100 * value)} %`;
}

function numberOf(value: Json | undefined): number | null {
	return typeof value === "number" ? value : null;
}
