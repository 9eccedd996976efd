import { metricId } from "../compare/baseline.ts";
import { signed } from "../compare/sentence.ts";
import { type Html, html } from "../report/html.ts";
import { page } from "../report/page.ts";
import { badge, codeName, counted, type Tone, table } from "../report/parts.ts";
import { metricText, timeText } from "../report/units.ts";
import { type Outcome, wordsOf } from "../summary/outcome.ts";
import { duetTitle, type NightlyDocument, type NightlyResult, titleOf } from "./document.ts";
import { detailsOf, duetDetailsOf } from "./text.ts";

/** A summary as one page of the reports' kind: what is wrong in full first, every metric folded away below. */
export function nightlyAsHtml(document: NightlyDocument): string {
	const { night, headline, outcome, id, plan, startedAt, missed, results, duets, changes } =
		document;
	const told = [
		...missed.map(({ plannedAt, why }) => `the nightly of ${plannedAt} did not happen: ${why}`),
		...changes.map(
			({ scenario, metric, night: since, worsePct }) =>
				`${scenario} ${metric} has been ${signed(worsePct)}% worse since ${since}`,
		),
	];
	const bad = [
		...results.filter((result) => result.outcome !== "as_expected").map(detailsOf),
		...duets.filter((duet) => duet.outcome !== "as_expected").map(duetDetailsOf),
	];
	const body = html`<p class="eyebrow">nightly ${night}, begun ${timeText(startedAt)}, size ${plan.size}, seed ${plan.seed}</p>
<div class="verdict ${tones[outcome]}"><h1>${badge(tones[outcome], headline)}</h1><p>${counted(results.length, "run")}, ${counted(
		duets.length,
		"duet",
	)}; exit code ${document.exitCode}.</p>${
		told.length > 0 && html`<ul>${told.map((line) => html`<li>${line}</li>`)}</ul>`
	}</div>
${bad.map((lines) => html`<pre>${lines.join("\n")}</pre>`)}
<section><h2>All of them</h2>${results.map((result) =>
		folded(result.outcome, `${titleOf(result)}: ${result.why}`, metricsOf(result.metrics)),
	)}${duets.map((duet) =>
		folded(
			duet.outcome,
			`${duetTitle(duet)}: ${duet.why}`,
			html`<pre>${duet.sentences.join("\n")}</pre>`,
		),
	)}</section>`;
	return page({ title: `nightly ${night}: ${headline}`, foot: `Nightly ${id}.`, body });
}

const tones: Record<Outcome, Tone> = {
	as_expected: "good",
	not_as_expected: "bad",
	regressed: "bad",
	invalid: "warn",
	not_run: "warn",
};

function folded(outcome: Outcome, line: string, inside: Html): Html {
	return html`<details><summary>${badge(tones[outcome], wordsOf(outcome))} ${line}</summary>${inside}</details>`;
}

function metricsOf(metrics: NightlyResult["metrics"]): Html {
	return table(
		[
			{ label: "metric" },
			{ label: "outcome" },
			{ label: "value", numeric: true },
			{ label: "before", numeric: true },
			{ label: "why", wide: true },
		],
		metrics.map((metric) => [
			codeName(metricId(metric)),
			metric.outcome.replace("_", " "),
			metricText(metric.value, metric.unit),
			metricText(metric.against, metric.unit),
			metric.why,
		]),
	);
}
