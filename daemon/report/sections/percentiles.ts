import type { PhaseName } from "../../../scenarios/contract/phase.ts";
import { inBothWidths, ink, legend, type Stroke } from "../charts/chart.ts";
import { type Curve, percentileChart } from "../charts/percentile-chart.ts";
import { type Html, html } from "../html.ts";
import { curveOf, dueIn } from "../percentiles.ts";
import { loadsOf, type RunReport, type Section } from "../report.ts";

const strokes = [
	["steady", { colour: ink.usual }],
	["faulting", { colour: ink.bad, widthPx: 2.5 }],
	["recovering", { colour: ink.after, dash: "dashed" }],
] as const satisfies [PhaseName, Omit<Stroke, "label">][];

/** The response times of each phase as a whole, to four nines, beside those they are compared with. */
export default {
	order: 120,
	per: "case",
	title: "Percentiles of the response time",
	render(report) {
		const charts = loadsOf(report).map((load) => chartOf(load, report));
		if (charts.every((chart) => chart === null)) return null;
		const censored = report.document.loads.some((load) => load.censored.length > 0);
		return html`${charts}<p class="note">Of what was due in the phase, whenever it ended. A curve ends where its samples do.${
			censored && " What was given up counts with the time until then: the tail is a lower bound."
		}</p>`;
	},
} satisfies Section;

function chartOf(load: string, report: RunReport): Html | null {
	const mine = report.intervals.filter(({ view }) => view.load === load);
	const curves = strokes.flatMap(([phase, stroke]): Curve[] => {
		const points = curveOf(dueIn(phase, mine));
		return points.length === 0 ? [] : [{ stroke: { label: phase, ...stroke }, points }];
	});
	if (curves.length === 0) return null;
	const compared = report.others
		.filter((other) => other.load === load)
		.map((curve) => ({
			curve,
			stroke: { label: curve.label, colour: ink.other, dash: "dotted" as const },
		}));
	return html`${loadsOf(report).length > 1 && html`<h3>Load ${load}</h3>`}${legend([
		...curves.map(({ stroke }) => stroke),
		...compared.map(({ stroke }) => stroke),
	])}${inBothWidths(
		`percentiles of the response time of ${load}`,
		(widthPx) => percentileChart(curves, compared, widthPx)!,
	)}`;
}
