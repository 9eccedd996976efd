import type { EChartsCoreOption } from "echarts/core";
// In one file: its hundreds of modules, even only those that are needed, take five times as long to load.
import { init } from "echarts/dist/echarts.esm.min.mjs";
import { type Html, html, trusted } from "../html.ts";
import { widthsPx } from "./frame.ts";

/** Colours by what they mean. The page says what they look like in the light and in the dark. */
export const ink = {
	text: "var(--soft)",
	grid: "var(--line)",
	usual: "var(--blue)",
	bad: "var(--red)",
	after: "var(--green)",
	other: "var(--purple)",
	wanted: "var(--grey)",
	fault: "var(--band)",
} as const;

export const fontFamily = "system-ui, sans-serif";

/** One drawing in both widths; the page shows the one that fits. `alt` says in words what is to be seen. */
export function inBothWidths(alt: string, draw: (widthPx: number) => Html): Html {
	return html`<div class="chart" role="img" aria-label="${alt}">${Object.entries(widthsPx).map(
		([name, widthPx]) => html`<div class="${name}">${draw(widthPx)}</div>`,
	)}</div>`;
}

/** A chart as SVG without script, style sheet or colours of its own. */
export function svgOf(option: EChartsCoreOption, widthPx: number, heightPx: number): Html {
	const chart = init(null, null, { renderer: "svg", ssr: true, width: widthPx, height: heightPx });
	try {
		chart.setOption({
			animation: false,
			color: [ink.wanted],
			textStyle: { fontFamily },
			...option,
		});
		return trusted(bare(chart.renderToSVGString()));
	} finally {
		chart.dispose();
	}
}

/** Without what is for a pointer that hovers: no script will ever look at it. */
function bare(svg: string): string {
	return svg
		.replaceAll(/<style\s*>[\s\S]*?<\/style>/g, "")
		.replaceAll(
			/ (?:class|pointer-events|ecmeta_\w+|xmlns|xmlns:xlink|version|baseProfile)="[^"]*"/g,
			"",
		)
		.replaceAll(/<rect [^>]*fill="none"><\/rect>/g, "")
		.replaceAll(/\n\s*/g, "");
}

export interface Stroke {
	label: string;
	colour: string;
	dash?: "dashed" | "dotted";
	widthPx?: number;
}

/** What the strokes of a chart mean; the drawing tells them apart by more than their colour. */
export function legend(strokes: readonly Stroke[]): Html {
	return html`<p class="legend">${strokes.map(
		({ label, colour, dash, widthPx }) =>
			html`<span><svg width="26" height="8" aria-hidden="true"><line x1="1" x2="25" y1="4" y2="4" stroke="${colour}" stroke-width="${widthPx ?? 2}" stroke-dasharray="${dashes[dash ?? "solid"]}"/></svg> ${label}</span>`,
	)}</p>`;
}

const dashes = { solid: "none", dashed: "6 4", dotted: "2 3" };

/** A line of a chart in its stroke. */
export function line(stroke: Stroke, data: readonly (readonly (number | null)[])[]) {
	return {
		type: "line" as const,
		name: stroke.label,
		data: data as (number | null)[][],
		showSymbol: false,
		silent: true,
		lineStyle: {
			color: stroke.colour,
			width: stroke.widthPx ?? 2,
			type: dashes[stroke.dash ?? "solid"] === "none" ? ("solid" as const) : stroke.dash,
		},
	};
}

/** Lines at these places of the axes, behind those of the chart. */
export function gridLines(places: readonly ({ xAxis: number } | { yAxis: number })[]) {
	return {
		type: "line" as const,
		data: [],
		markLine: {
			silent: true,
			z: 1, // in front by default
			symbol: "none",
			label: { show: false },
			lineStyle: { color: ink.grid, type: "solid" as const, width: 1 },
			data: [...places],
		},
	};
}
