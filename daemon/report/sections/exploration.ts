import { type FaultSpec, faultName } from "../../../chaos/fault.ts";
import type { TrialRecord } from "../../record/document.ts";
import { html } from "../html.ts";
import { badge, counted, table } from "../parts.ts";
import type { Section } from "../report.ts";
import { jsonText, spanText } from "../units.ts";

/** What random timelines were tried, and the smallest that broke the scenario. */
export default {
	order: 30,
	per: "run",
	title: "Exploration",
	render({ document: { exploration } }) {
		if (exploration === null) return null;
		const { trials, found, confirmed, flaky, tookMs } = exploration;
		return html`<p>${counted(trials.length, "timeline")} tried in ${spanText(tookMs)}; ${
			found === null
				? "none of them broke the scenario."
				: `the smallest that breaks it did so in ${confirmed} of 3 more tries: ${timelineText(found)}.`
		}${flaky.length > 0 && ` ${counted(flaky.length, "timeline")} broke it in one of two tries.`}</p>
<details><summary>Every trial</summary>${table(
			[
				{ label: "outcome" },
				{ label: "faults" },
				{ label: "why" },
				{ label: "took", numeric: true },
			],
			trials.map((trial) => [
				outcome(trial),
				timelineText(trial.faults),
				trial.invalid ?? trial.failed.join(", "),
				spanText(trial.tookMs),
			]),
		)}</details>`;
	},
} satisfies Section;

function outcome({ outcome }: TrialRecord) {
	const tones = { passed: "good", failed: "bad", invalid: "warn" } as const;
	return badge(tones[outcome], outcome);
}

function timelineText(faults: readonly FaultSpec[]): string {
	if (faults.length === 0) return "no fault";
	return faults
		.map((fault) => {
			const { params, fromMs, toMs } = fault;
			const with_ = Object.keys(params).length > 0 ? ` (${jsonText(params as never)})` : "";
			return `${faultName(fault)}${with_} from ${spanText(fromMs)} to ${spanText(toMs)}`;
		})
		.join("; ");
}
