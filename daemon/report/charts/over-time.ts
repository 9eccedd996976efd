import type { EChartsCoreOption } from "echarts/core";
import type { FaultRecord } from "../../../chaos/injection.ts";
import type { PhaseRecord } from "../../record/document.ts";
import { latencyText, rateText } from "../../text/numbers.ts";
import type { Html } from "../html.ts";
import { type Stretch, steps } from "../series.ts";
import { ink, line, type Stroke, svgOf } from "./chart.ts";
import { type Frame, linearTicks, logTicks, tickText, timeTicks } from "./frame.ts";

export interface Around {
	phases: readonly PhaseRecord[];
	faults: readonly FaultRecord[];
}

export const latencyStrokes = {
	p50: { label: "p50", colour: ink.usual },
	p99: { label: "p99", colour: ink.bad, widthPx: 2.5 },
} satisfies Record<string, Stroke>;

export const rateStrokes = {
	offered: { label: "offered", colour: ink.wanted, dash: "dashed", widthPx: 1.5 },
	ok: { label: "ok", colour: ink.usual },
	errors: { label: "failed, unknown or dropped", colour: ink.bad, dash: "dotted", widthPx: 2.5 },
} satisfies Record<string, Stroke>;

/** Response times by interval, on a logarithmic scale; nothing where nothing ended. Null where nothing ever did. */
export function latencyChart(
	stretches: readonly Stretch[],
	around: Around,
	frame: Frame,
): Html | null {
	const values = stretches
		.flatMap(({ p50Ms, p99Ms }) => [p50Ms, p99Ms])
		.filter((ms) => ms !== null);
	if (values.length === 0) return null;
	const { min, max, ticks } = logTicks(values);
	const heightPx = 230;
	const option: EChartsCoreOption = {
		grid: gridOf(frame),
		xAxis: timeAxis(frame),
		yAxis: {
			type: "log",
			min,
			max,
			axisLabel: { color: ink.text, fontSize: 12, customValues: ticks, formatter: shortLatency },
			...plainAxis,
		},
		series: [
			surroundings(around, ticks),
			line(
				latencyStrokes.p50,
				steps(stretches, ({ p50Ms }) => p50Ms),
			),
			line(
				latencyStrokes.p99,
				steps(stretches, ({ p99Ms }) => p99Ms),
			),
		],
	};
	return svgOf(option, frame.widthPx, heightPx);
}

/** What was offered, what went well and what did not, per second. */
export function rateChart(stretches: readonly Stretch[], around: Around, frame: Frame): Html {
	const most = Math.max(
		1,
		...stretches.flatMap((s) => [s.offeredPerSec, s.okPerSec, s.errorsPerSec]),
	);
	const { max, ticks } = linearTicks(0, most);
	const option: EChartsCoreOption = {
		grid: gridOf(frame),
		xAxis: timeAxis(frame),
		yAxis: {
			type: "value",
			min: 0,
			max,
			axisLabel: {
				color: ink.text,
				fontSize: 12,
				customValues: ticks,
				formatter: (perSec: number) => `${rateText(perSec)}/s`,
			},
			...plainAxis,
		},
		series: [
			surroundings(around, ticks),
			line(
				rateStrokes.offered,
				steps(stretches, ({ offeredPerSec }) => offeredPerSec),
			),
			line(
				rateStrokes.ok,
				steps(stretches, ({ okPerSec }) => okPerSec),
			),
			line(
				rateStrokes.errors,
				steps(stretches, ({ errorsPerSec }) => errorsPerSec),
			),
		],
	};
	return svgOf(option, frame.widthPx, 160);
}

/** A latency as a tick says it: round, so without decimals. */
export function shortLatency(ms: number): string {
	return ms < 1 ? `${Number((ms * 1_000).toPrecision(2))} µs` : latencyText(ms).replace(".0 ", " ");
}

export const plainAxis = {
	axisLine: { show: false },
	axisTick: { show: false },
	splitLine: { show: false },
} as const;

function gridOf({ leftPx, rightPx }: Frame) {
	return { left: leftPx, right: rightPx, top: 10, bottom: 26 };
}

function timeAxis(frame: Frame) {
	const ticks = timeTicks(frame);
	return {
		type: "value" as const,
		min: frame.fromMs,
		max: frame.toMs,
		axisLine: { lineStyle: { color: ink.grid }, onZero: false },
		axisTick: { customValues: ticks, lineStyle: { color: ink.grid } },
		axisLabel: { color: ink.text, fontSize: 12, customValues: ticks, formatter: tickText },
		splitLine: { show: false },
	};
}

/** Behind the lines: the time of the faults, the ends of the phases, and the ticks as lines. */
function surroundings({ phases, faults }: Around, ticks: readonly number[]) {
	return {
		type: "line" as const,
		data: [],
		silent: true,
		markArea: {
			silent: true,
			itemStyle: { color: ink.fault },
			data: faultWindows(faults).map(({ fromMs, toMs }) => [{ xAxis: fromMs }, { xAxis: toMs }]),
		},
		markLine: {
			silent: true,
			z: 1, // behind the lines, where it is in front by default
			symbol: "none",
			label: { show: false },
			data: [
				...ticks.map((yAxis) => ({
					yAxis,
					lineStyle: { color: ink.grid, type: "solid", width: 1 },
				})),
				...phases.slice(1).map(({ fromMs }) => ({
					xAxis: fromMs,
					lineStyle: { color: ink.wanted, type: "dotted", width: 1 },
				})),
			],
		},
	};
}

/** When anything was broken, to the instant at which it was seen to be clean; faults that overlap are one window. */
export function faultWindows(faults: readonly FaultRecord[]): { fromMs: number; toMs: number }[] {
	const windows: { fromMs: number; toMs: number }[] = [];
	const injected = faults
		.flatMap(({ injectedMs, cleanMs, healedMs, plannedToMs }) =>
			injectedMs === null
				? []
				: { fromMs: injectedMs, toMs: cleanMs ?? healedMs ?? Math.max(plannedToMs, injectedMs) },
		)
		.sort((a, b) => a.fromMs - b.fromMs);
	for (const { fromMs, toMs } of injected) {
		const last = windows.at(-1);
		if (last !== undefined && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs);
		else windows.push({ fromMs, toMs });
	}
	return windows;
}
