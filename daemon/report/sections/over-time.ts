import { inBothWidths, legend } from "../charts/chart.ts";
import { frameOf } from "../charts/frame.ts";
import { lanesSvg } from "../charts/lanes.ts";
import { latencyChart, latencyStrokes, rateChart, rateStrokes } from "../charts/over-time.ts";
import { type Html, html } from "../html.ts";
import { loadsOf, type RunReport, type Section, spanOf } from "../report.ts";
import { stretchesOf } from "../series.ts";
import { spanText } from "../units.ts";

/** Latency and throughput of each load by interval, below the phases, faults and alerts of the same time. */
export default {
	order: 110,
	per: "case",
	title: "Over time",
	render(report) {
		const span = spanOf(report);
		const names = loadsOf(report);
		if (span === null) return null;
		const charts = names.map((name) => chartsOf(name, names.length > 1, report, span));
		return charts.some((chart) => chart !== null) ? html`${charts}` : null;
	},
} satisfies Section;

function chartsOf(
	name: string,
	named: boolean,
	{ document, intervals }: RunReport,
	span: { fromMs: number; toMs: number },
): Html | null {
	const stretches = stretchesOf(
		intervals.filter(({ view }) => view.load === name),
		span.toMs,
	);
	if (stretches.length === 0) return null;
	const { phases, faults, alerts } = document;
	const around = { phases, faults };
	const each = spanText(Math.max(...stretches.map(({ fromMs, toMs }) => toMs - fromMs)));
	const drawn = (alt: string, draw: (frame: ReturnType<typeof frameOf>) => Html) =>
		inBothWidths(alt, (widthPx) => draw(frameOf(widthPx, span)));
	const latency = stretches.some(({ p50Ms }) => p50Ms !== null)
		? html`<h3>Response time by ${each}, logarithmic</h3>${legend(Object.values(latencyStrokes))}${drawn(
				`p50 and p99 of ${name} over time`,
				(frame) => latencyChart(stretches, around, frame)!,
			)}`
		: html`<p>No operation ended: there is no response time to show.</p>`;
	return html`${named && html`<h3>Load ${name}</h3>`}${drawn(
		`phases, faults and alerts while ${name} ran`,
		(frame) => lanesSvg({ phases, faults, alerts }, frame),
	)}${latency}<h3>Operations per second</h3>${legend(Object.values(rateStrokes))}${drawn(
		`offered, ok and failed operations of ${name} per second`,
		(frame) => rateChart(stretches, around, frame),
	)}`;
}
