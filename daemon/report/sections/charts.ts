import type { ChartOutcome } from "../../host/protocol.ts";
import { inBothWidths, legend } from "../charts/chart.ts";
import { linesChart, strokesOf } from "../charts/lines-chart.ts";
import { type Html, html } from "../html.ts";
import type { Section } from "../report.ts";

/** What the scenario itself has to show. */
export default {
	order: 130,
	per: "case",
	title: "Charts of the scenario",
	render({ charts }) {
		return charts.length === 0 ? null : html`${charts.map(drawn)}`;
	},
} satisfies Section;

function drawn(chart: ChartOutcome): Html {
	const { title, x, y, problem } = chart;
	const axes = html`<p class="note">Up: ${y.label}${y.scale === "log" && ", logarithmic"}. Across: ${x.label}${x.scale === "log" && ", logarithmic"}.</p>`;
	const body =
		problem !== null
			? html`<p>It could not be drawn: ${problem}.</p>`
			: linesChart(chart, 300) === null
				? html`<p>There was nothing to draw.</p>`
				: html`${legend(strokesOf(chart))}${inBothWidths(
						`${title}: ${y.label} against ${x.label}`,
						(widthPx) => linesChart(chart, widthPx)!,
					)}${axes}`;
	return html`<h3>${title}</h3>${body}`;
}
