import type { EChartsCoreOption } from "echarts/core";
import type { Html } from "../html.ts";
import { ninesMax, ninesMin, ninesOf, type PercentilePoint, percentileAt } from "../percentiles.ts";
import type { OtherCurve } from "../report.ts";
import { gridLines, ink, line, type Stroke, svgOf } from "./chart.ts";
import { logTicks } from "./frame.ts";
import { plainAxis, shortLatency } from "./over-time.ts";

export interface Curve {
	stroke: Stroke;
	points: readonly PercentilePoint[];
}

/** Percentiles from the median to 99.99 %: each tick has one nine more. */
export function percentileChart(
	curves: readonly Curve[],
	others: readonly { stroke: Stroke; curve: OtherCurve }[],
	widthPx: number,
): Html | null {
	const bounds = others.flatMap(({ stroke, curve }) => {
		const thin = { ...stroke, widthPx: 1, dash: "dotted" as const };
		return [
			line(
				thin,
				curve.points.map(({ percentile, lowUs }) => at(percentile, lowUs)),
			),
			line(
				thin,
				curve.points.map(({ percentile, highUs }) => at(percentile, highUs)),
			),
		];
	});
	const lines = [
		...curves.map(({ stroke, points }) =>
			line(
				stroke,
				points.map(({ percentile, us }) => at(percentile, us)),
			),
		),
		...others.map(({ stroke, curve }) =>
			line(
				stroke,
				curve.points.map(({ percentile, us }) => at(percentile, us)),
			),
		),
		...bounds,
	];
	const values = lines
		.flatMap(({ data }) => data.map(([, ms]) => ms ?? null))
		.filter((ms) => ms !== null);
	if (values.length === 0) return null;
	const { min, max, ticks } = logTicks(values);
	const option: EChartsCoreOption = {
		grid: { left: 58, right: 24, top: 10, bottom: 26 },
		xAxis: {
			type: "value",
			min: ninesMin,
			max: ninesMax,
			axisLine: { lineStyle: { color: ink.grid }, onZero: false },
			axisTick: { customValues: places, lineStyle: { color: ink.grid } },
			axisLabel: {
				color: ink.text,
				fontSize: 12,
				customValues: places,
				formatter: (nines: number) => `${Number(percentileAt(nines).toFixed(2))} %`,
			},
			splitLine: { show: false },
		},
		yAxis: {
			type: "log",
			min,
			max,
			axisLabel: { color: ink.text, fontSize: 12, customValues: ticks, formatter: shortLatency },
			...plainAxis,
		},
		series: [
			gridLines([...ticks.map((yAxis) => ({ yAxis })), ...places.map((xAxis) => ({ xAxis }))]),
			...lines,
		],
	};
	return svgOf(option, widthPx, 240);
}

const places = [ninesMin, 1, 2, 3, ninesMax];

function at(percentile: number, us: number | null): [nines: number, ms: number | null] {
	return [ninesOf(percentile), us === null ? null : us / 1_000];
}
