import { inBothWidths, ink, legend, type Stroke } from "../charts/chart.ts";
import { type Curve, percentileChart } from "../charts/percentile-chart.ts";
import { type Html, html } from "../html.ts";
import { byPhase, curveOf } from "../percentiles.ts";
import { loadsOf, type RunReport, type Section } from "../report.ts";

const strokes: Record<string, Omit<Stroke, "label">> = {
	steady: { colour: ink.usual },
	faulting: { colour: ink.bad, widthPx: 2.5 },
	recovering: { colour: ink.after, dash: "dashed" },
};

/** The response times of each phase as a whole, to four nines, beside those they are compared with. */
export default {
	order: 120,
	per: "case",
	title: "Percentiles of the response time",
	render(report) {
		const charts = loadsOf(report).map((load) => chartOf(load, report));
		if (charts.every((chart) => chart === null)) return null;
		return html`${charts}<p class="note">A curve ends where its samples do. An interval counts in the phase that holds its middle, by the time at which operations ended; the table below goes by the time at which they were due.</p>`;
	},
} satisfies Section;

function chartOf(load: string, { document, intervals, others }: RunReport): Html | null {
	const mine = intervals.filter(({ view }) => view.load === load);
	const curves = byPhase(mine, document.phases).flatMap(({ phase, intervals }): Curve[] => {
		const stroke = strokes[phase];
		const points = curveOf(intervals);
		return stroke === undefined || points.length === 0
			? []
			: [{ stroke: { label: phase, ...stroke }, points }];
	});
	if (curves.length === 0) return null;
	const compared = others
		.filter((other) => other.load === load)
		.map((curve) => ({
			curve,
			stroke: { label: curve.label, colour: ink.other, dash: "dotted" as const },
		}));
	return html`${loadsOf({ document, intervals, others }).length > 1 && html`<h3>Load ${load}</h3>`}${legend(
		[...curves.map(({ stroke }) => stroke), ...compared.map(({ stroke }) => stroke)],
	)}${inBothWidths(
		`percentiles of the response time of ${load}`,
		(widthPx) => percentileChart(curves, compared, widthPx)!,
	)}`;
}
