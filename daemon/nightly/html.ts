import { metricId } from "../compare/baseline.ts";
import { signed } from "../compare/sentence.ts";
import { duetTitle, type NightlyDocument, titleOf, wordsOf } from "./document.ts";
import { escaped } from "./junit.ts";
import { detailsOf, duetDetailsOf, valueText } from "./text.ts";

/** A summary as one page without anything from elsewhere: what is wrong first, every metric folded away below. */
export function nightlyAsHtml(document: NightlyDocument): string {
	const { night, headline, outcome, id, plan, startedAt, missed, results, duets, changes } =
		document;
	const bad = [
		...results.filter((result) => result.outcome !== "as_expected").map(detailsOf),
		...duets.filter((duet) => duet.outcome !== "as_expected").map(duetDetailsOf),
	];
	const told = [
		...missed.map(({ plannedAt, why }) => `the nightly of ${plannedAt} did not happen: ${why}`),
		...changes.map(
			({ scenario, metric, night: since, worsePct }) =>
				`${scenario} ${metric} has been ${signed(worsePct)}% worse since ${since}`,
		),
	];
	return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(`nightly ${night}: ${headline}`)}</title>
<style>${style}</style></head><body>
<h1 class="${outcome}">${escaped(`nightly ${night}: ${headline}`)}</h1>
<p>${escaped(`${id}, begun ${startedAt}, size ${plan.size}, seed ${plan.seed}, exit code ${document.exitCode}`)}</p>
${told.map((line) => `<p>${escaped(line)}</p>`).join("\n")}
${bad.map((lines) => `<pre>${escaped(lines.join("\n"))}</pre>`).join("\n")}
${results
	.map(
		(
			result,
		) => `<details><summary><b class="${result.outcome}">${escaped(wordsOf(result.outcome))}</b>
${escaped(`${titleOf(result)}: ${result.why}`)}</summary>${metricsOf(result.metrics)}</details>`,
	)
	.join("\n")}
${duets
	.map(
		(duet) => `<details><summary><b class="${duet.outcome}">${escaped(wordsOf(duet.outcome))}</b>
${escaped(`${duetTitle(duet)}: ${duet.why}`)}</summary><pre>${escaped(duet.sentences.join("\n"))}</pre></details>`,
	)
	.join("\n")}
</body></html>
`;
}

function metricsOf(metrics: NightlyDocument["results"][number]["metrics"]): string {
	const rows = metrics.map((metric) => {
		const cells = [metricId(metric), wordsOfMetric(metric.outcome), valueText(metric.value)];
		const more = [valueText(metric.against), metric.unit, metric.why];
		return `<tr>${[...cells, ...more].map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`;
	});
	const heads = ["metric", "outcome", "value", "before", "unit", "why"];
	return `<table><tr>${heads.map((head) => `<th>${head}</th>`).join("")}</tr>${rows.join("\n")}</table>`;
}

function wordsOfMetric(outcome: string): string {
	return outcome.replace("_", " ");
}

const style = `body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em;color:#222;background:#fff}
h1{font-size:1.4em}pre{background:#f4f4f4;padding:.8em;overflow:auto}table{border-collapse:collapse;font-size:13px}
td,th{text-align:left;padding:.2em .8em .2em 0;border-bottom:1px solid #ddd}summary{cursor:pointer;padding:.2em 0}
.as_expected{color:#176b2c}.not_as_expected,.regressed{color:#a31515}.invalid,.not_run{color:#8a5a00}`;
