import type { EChartsCoreOption } from "echarts/core";
import type { Axis } from "../../../scenarios/contract/chart.ts";
import type { ChartOutcome } from "../../host/protocol.ts";
import type { Html } from "../html.ts";
import { gridLines, ink, line, type Stroke, svgOf } from "./chart.ts";
import { linearTicks, logTicks } from "./frame.ts";
import { plainAxis } from "./over-time.ts";

const colours = [ink.usual, ink.bad, ink.after, ink.other, ink.text];
const strokeShapes: Pick<Stroke, "dash" | "widthPx">[] = [
	{},
	{ dash: "dashed" },
	{ dash: "dotted", widthPx: 2.5 },
	{ dash: "dashed", widthPx: 1 },
];

/** The stroke of each line: no two alike among as many as a chart may have. */
export function strokesOf({ series }: Pick<ChartOutcome, "series">): Stroke[] {
	return series.map(({ label }, i) => ({
		label,
		colour: colours[i % colours.length]!,
		...strokeShapes[Math.floor(i / colours.length) % strokeShapes.length],
	}));
}

/** Lines of a scenario's own, on axes that fit them. Null where there is no point to draw. */
export function linesChart({ x, y, series }: ChartOutcome, widthPx: number): Html | null {
	const placed = series.map(({ points }) =>
		points.flatMap(([atX, atY]): [number, number | null][] =>
			hasPlace(atX, x) ? [[atX, atY !== null && hasPlace(atY, y) ? atY : null]] : [],
		),
	);
	const xs = placed.flatMap((points) => points.map(([atX]) => atX));
	const ys = placed.flatMap((points) => points.flatMap(([, atY]) => atY ?? []));
	if (ys.length === 0) return null;
	const strokes = strokesOf({ series });
	const across = axisOf(x, xs);
	const up = axisOf(y, y.scale === "log" ? ys : [0, ...ys]);
	const option: EChartsCoreOption = {
		grid: { left: 58, right: 24, top: 10, bottom: 26 },
		xAxis: {
			...across,
			axisLine: { lineStyle: { color: ink.grid }, onZero: false },
			axisTick: { customValues: across.ticks, lineStyle: { color: ink.grid } },
			splitLine: { show: false },
		},
		yAxis: { ...up, ...plainAxis },
		series: [
			gridLines(up.ticks.map((yAxis) => ({ yAxis }))),
			// A line of one point would not be seen.
			...placed.map((points, i) => ({
				...line(strokes[i]!, points),
				...(points.length < pointsSeen && {
					showSymbol: true,
					symbol: "circle",
					symbolSize: 5,
					itemStyle: { color: strokes[i]!.colour },
				}),
			})),
		],
	};
	return svgOf(option, widthPx, 240);
}

/** With fewer points than these each is marked: what was measured, and what is only drawn between. */
const pointsSeen = 12;

function hasPlace(value: number, { scale }: Axis): boolean {
	return Number.isFinite(value) && (scale !== "log" || value > 0);
}

function axisOf({ scale = "linear" }: Axis, values: readonly number[]) {
	const { min, max, ticks } =
		scale === "log" ? logTicks(values) : linearTicks(Math.min(...values), Math.max(...values));
	return {
		type: scale === "log" ? ("log" as const) : ("value" as const),
		min,
		max,
		ticks,
		axisLabel: { color: ink.text, fontSize: 12, customValues: ticks, formatter: short },
	};
}

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

function short(value: number): string {
	return compact.format(value);
}
