import type { CheckEnd, CheckOutcome } from "../../host/protocol.ts";
import { html } from "../html.ts";
import { badge, table } from "../parts.ts";
import type { Section } from "../report.ts";
import { jsonText } from "../units.ts";

/** Every check with what was expected and what was seen; those that do not hold first. */
export default {
	order: 100,
	per: "case",
	title: "Checks",
	render({ document: { checks } }) {
		if (checks.length === 0) return null;
		const inOrder = [...checks].sort((a, b) => rank(a) - rank(b));
		return table(
			[
				{ label: "result" },
				{ label: "check", wide: true },
				{ label: "expected", code: true },
				{ label: "actual", code: true },
			],
			inOrder.map((check) => [
				result(check),
				html`<b>${check.id}</b> <span class="note">${check.kind}</span><br>${check.message}`,
				jsonText(check.expected),
				jsonText(check.actual),
			]),
		);
	},
} satisfies Section;

const inOrderOf: CheckEnd[] = ["failed", "threw", "cannot_tell", "held"];

function rank({ outcome }: CheckOutcome): number {
	return inOrderOf.indexOf(outcome);
}

function result({ outcome }: CheckOutcome) {
	switch (outcome) {
		case "held":
			return badge("good", "holds");
		case "failed":
			return badge("bad", "fails");
		case "threw":
			return badge("warn", "threw");
		case "cannot_tell":
			return badge("warn", "can't tell");
		default:
			return outcome satisfies never;
	}
}
