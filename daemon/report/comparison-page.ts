import { inBothWidths, ink, legend, type Stroke } from "./charts/chart.ts";
import { effectBar, effectScalePct } from "./charts/effect-bar.ts";
import { percentileChart } from "./charts/percentile-chart.ts";
import { type ComparedMetric, type Comparison, type Outcome, outcomes } from "./comparison.ts";
import { type Html, html } from "./html.ts";
import { page } from "./page.ts";
import { badge, codeName, counted, type Tone, table } from "./parts.ts";
import type { OtherCurve } from "./report.ts";
import { metricText, none } from "./units.ts";

/** The page of one comparison: what got worse first, with how sure that is. `curves` are of both sides. */
export function comparisonPage(comparison: Comparison, curves: readonly OtherCurve[]): string {
	const { scenario, runId, outcome, notes, metrics, verdict, repeats } = comparison;
	const counts = outcomes
		.map((kind) => [metrics.filter((metric) => metric.outcome === kind).length, kind] as const)
		.filter(([count]) => count > 0)
		.map(([count, kind]) => `${count} ${words[kind]}`);
	const body = html`<p class="eyebrow">${scenario} ${runId} against ${othersName(comparison)}</p>
<div class="verdict ${tones[outcome]}"><h1>${badge(tones[outcome], headlines[outcome])}</h1>${
		verdict !== "passed" &&
		html`<p>The run itself ${verdict === null ? "has no verdict" : `is ${verdict}`}.</p>`
	}<p>${
		counts.length === 0
			? "There was no metric to compare."
			: `Of ${counted(metrics.length, "metric")}: ${counts.join(", ")}.`
	}</p>${notes.length > 0 && html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`}</div>
<section><h2>Metrics</h2>${metricTable(metrics)}<p class="note">Worse by: negative is better, whatever the metric's direction; in brackets the bounds of an interval of 95 %, uncorrected for the number of metrics.</p></section>
${curveSection(curves)}${repeats.length > 0 && html`<p class="note">Run again to be sure: ${repeats.join(", ")}.</p>`}`;
	return page({ title: `${scenario}: ${words[outcome]}`, foot: `Run ${runId}.`, body });
}

const words: Record<Outcome, string> = {
	regressed: "regressed",
	improved: "improved",
	same: "the same",
	cannot_tell: "can't be told",
	missing: "missing",
};

const headlines: Record<Outcome, string> = {
	regressed: "Regressed",
	improved: "Improved",
	same: "The same",
	cannot_tell: "Can't be told",
	missing: "Nothing to compare with",
};

const tones: Record<Outcome, Tone> = {
	regressed: "bad",
	improved: "good",
	same: "good",
	cannot_tell: "warn",
	missing: "warn",
};

function othersName({ against }: Comparison): string {
	if (against.kind === "run") return against.runId;
	return `the baseline for ${against.key} (${counted(against.seeds.length, "seed")})`;
}

function metricTable(metrics: readonly ComparedMetric[]): Html {
	const rank = ({ outcome }: ComparedMetric) => outcomes.indexOf(outcome);
	const scalePct = effectScalePct(metrics);
	return table(
		[
			{ label: "outcome" },
			{ label: "metric", wide: true },
			{ label: "before", numeric: true },
			{ label: "now", numeric: true },
			{ label: "worse by", numeric: true, broad: true },
		],
		[...metrics]
			.sort((a, b) => rank(a) - rank(b))
			.map((metric) => [
				outcomeBadge(metric),
				html`${codeName(metric.name)}${metric.case !== null && ` (${metric.case})`}<br><span class="note">${metric.why}</span>`,
				beforeText(metric),
				metricText(metric.value, metric.unit),
				html`${effectText(metric)}${metric.effect !== null && effectBar(metric.effect, scalePct)}`,
			]),
	);
}

function outcomeBadge({ outcome, suspected }: ComparedMetric): Html {
	if (suspected) return badge("warn", "suspected");
	return badge(tones[outcome], words[outcome]);
}

function beforeText({ against, range, unit }: ComparedMetric): string {
	if (range === null) return metricText(against, unit);
	return `${metricText(range.min, unit)} … ${metricText(range.max, unit)}`;
}

/** `+10.0 % [+2.7, +17.8]`. */
export function effectText({ effect }: Pick<ComparedMetric, "effect">): string {
	if (effect === null) return none;
	const { worsePct, lowPct, highPct } = effect;
	const interval =
		lowPct === null || highPct === null ? "" : ` [${signed(lowPct)}, ${signed(highPct)}]`;
	return `${signed(worsePct)} %${interval}`;
}

function signed(value: number): string {
	return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;
}

const strokes: Omit<Stroke, "label">[] = [
	{ colour: ink.other, dash: "dashed" },
	{ colour: ink.usual },
];

function curveSection(curves: readonly OtherCurve[]): Html | null {
	if (curves.length === 0) return null;
	const groups = Map.groupBy(
		curves,
		(curve) => `${curve.load}${curve.case === null ? "" : `, case ${curve.case}`}`,
	);
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
