import type { CheckOutcome } from "../../host/protocol.ts";
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

function rank({ ok }: CheckOutcome): number {
	return ok === false ? 0 : ok === null ? 1 : 2;
}

function result({ ok }: CheckOutcome) {
	if (ok === null) return badge("warn", "threw");
	return ok ? badge("good", "holds") : badge("bad", "fails");
}
