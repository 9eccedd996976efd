import { inBothWidths, ink, legend, type Stroke } from "./charts/chart.ts";
import { effectBar, effectScalePct } from "./charts/effect-bar.ts";
import { percentileChart } from "./charts/percentile-chart.ts";
import type { ComparedMetric, ComparedOutcome, ComparedSide, Comparison } from "./comparison.ts";
import { comparedOutcomes } from "./comparison.ts";
import { type Html, html } from "./html.ts";
import { page } from "./page.ts";
import { badge, codeName, counted, facts, type Tone, table } from "./parts.ts";
import { metricText, none, timeText } from "./units.ts";

/** The page of one comparison: what got worse first, with how sure that is. */
export function comparisonPage(comparison: Comparison): string {
	const { a, b, outcome, notes, metrics } = comparison;
	const counts = comparedOutcomes
		.map((kind) => [metrics.filter((metric) => metric.outcome === kind).length, kind] as const)
		.filter(([count]) => count > 0)
		.map(([count, kind]) => `${count} ${words[kind]}`);
	const body = html`<p class="eyebrow">${b.scenario}: ${b.label} against ${a.label}</p>
<div class="verdict ${tones[outcome]}"><h1>${badge(tones[outcome], headlines[outcome])}</h1><p>${
		counts.length === 0
			? "There was no metric to compare."
			: `Of ${counted(metrics.length, "metric")}: ${counts.join(", ")}.`
	}</p>${notes.length > 0 && html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`}</div>
<section><h2>Metrics</h2>${metricTable(comparison)}</section>
${curves(comparison)}
<section><h2>What was compared</h2>${facts([side("held against", a), side("compared", b)])}</section>`;
	return page({
		title: `${b.scenario}: ${words[outcome]}`,
		foot: "Intervals are of 95 %, uncorrected for the number of metrics.",
		body,
	});
}

const words: Record<ComparedOutcome, string> = {
	regressed: "regressed",
	improved: "improved",
	same: "the same",
	cannot_tell: "can't be told",
	missing: "missing",
};

const headlines: Record<ComparedOutcome, string> = {
	regressed: "Regressed",
	improved: "Improved",
	same: "The same",
	cannot_tell: "Can't be told",
	missing: "Nothing to compare with",
};

const tones: Record<ComparedOutcome, Tone> = {
	regressed: "bad",
	improved: "good",
	same: "good",
	cannot_tell: "warn",
	missing: "warn",
};

function metricTable({ metrics }: Comparison): Html {
	const inOrder = [...metrics].sort(
		(x, y) => comparedOutcomes.indexOf(x.outcome) - comparedOutcomes.indexOf(y.outcome),
	);
	const scalePct = effectScalePct(metrics);
	return table(
		[
			{ label: "outcome" },
			{ label: "metric", wide: true },
			{ label: "before", numeric: true },
			{ label: "now", numeric: true },
			{ label: "effect", numeric: true, broad: true },
		],
		inOrder.map((metric) => [
			badge(tones[metric.outcome], words[metric.outcome]),
			html`${codeName(metric.name)}${metric.case !== null && ` (${metric.case})`}<br><span class="note">${metric.why}</span>`,
			metricText(metric.a, metric.unit),
			metricText(metric.b, metric.unit),
			html`${effectText(metric)}${metric.effect !== null && effectBar(metric.effect, scalePct)}`,
		]),
	);
}

/** `+10.0 % [+2.7, +17.8]`. */
export function effectText({ effect }: Pick<ComparedMetric, "effect">): string {
	if (effect === null) return none;
	const { pct, lowPct, highPct } = effect;
	const interval =
		lowPct === null || highPct === null ? "" : ` [${signed(lowPct)}, ${signed(highPct)}]`;
	return `${signed(pct)} %${interval}`;
}

function signed(value: number): string {
	return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;
}

function curves({ curves }: Comparison): Html | null {
	if (curves.length === 0) return null;
	const strokes: Omit<Stroke, "label">[] = [
		{ colour: ink.other, dash: "dashed" },
		{ colour: ink.usual },
	];
	const groups = new Map<string, typeof curves>();
	for (const curve of curves) {
		const key = `${curve.load}${curve.case === null ? "" : `, case ${curve.case}`}`;
		groups.set(key, [...(groups.get(key) ?? []), curve]);
	}
	return html`<section><h2>Percentiles of the response time</h2>${[...groups].map(
		([key, group]) => {
			const drawn = group.map((curve, i) => ({
				curve,
				stroke: { label: curve.label, ...strokes[i % strokes.length]! },
			}));
			return html`<h3>${key}</h3>${legend(drawn.map(({ stroke }) => stroke))}${inBothWidths(
				`percentiles of ${key} on both sides`,
				(widthPx) => percentileChart([], drawn, widthPx) ?? html``,
			)}`;
		},
	)}</section>`;
}

function side(name: string, { label, params, startedAt }: ComparedSide): [string, Html] {
	return [
		name,
		html`<b>${label}</b>, ${params}${startedAt !== null && `, ${timeText(startedAt)}`}`,
	];
}
