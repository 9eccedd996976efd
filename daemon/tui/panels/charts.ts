import type { IntervalView } from "../../record/interval.ts";
import { latencyText, rateText } from "../../text/numbers.ts";
import { type Dashboard, elapsedMs, shownLoad, summaryOf } from "../dashboard.ts";
import {
	type Band,
	bandStrip,
	type Guide,
	type Series,
	stretchStrip,
	strokesOf,
	type Window,
	windowOf,
	xLabels,
	yLabels,
} from "../plot.ts";
import { linearScale, logScale, type Scale } from "../scale.ts";
import { type Line, span } from "../text.ts";
import type { MakePanel, Panel } from "./panel.ts";

const labelWidth = 8;

/** The faults that were injected, as they lie in time. */
export function faultBands(state: Dashboard): Band[] {
	return (state.followed?.faults ?? []).flatMap(({ kind, on, injectedMs, healedMs }) =>
		injectedMs === null
			? []
			: [{ label: `${kind} on ${on}`, tone: "bad", fromMs: injectedMs, toMs: healedMs }],
	);
}

function perSec({ fromMs, toMs }: IntervalView, count: number): number {
	return (1_000 * count) / (toMs - fromMs);
}

/**
 * Level over each interval: a line between their middles would rise before the fault that raised it. Intervals that
 * do not touch, as of two cases, have a gap between them.
 */
function levels(
	intervals: readonly IntervalView[],
	pick: (view: IntervalView) => number | null,
): Series["points"] {
	return intervals.flatMap((view, i) => {
		const value = pick(view);
		const before = intervals[i - 1];
		const apart = before !== undefined && view.fromMs - before.toMs > 1;
		return [
			...(apart ? [{ ms: before.toMs, value: null }] : []),
			{ ms: view.fromMs, value },
			{ ms: view.toMs, value },
		];
	});
}

/** The p50 and p99 of steady state that were accepted for such runs. */
function acceptedLevels(state: Dashboard): Guide[] {
	const { name, intervals } = shownLoad(state);
	const now = intervals.at(-1)?.case ?? null;
	const load = state.followed?.accepted.find((one) => one.name === name && one.case === now);
	const tones = [
		["p50", "accent"],
		["p99", "warn"],
	] as const;
	return tones.flatMap(([quantile, tone]) => {
		const us = load?.response_us[quantile];
		return us == null || us <= 0 ? [] : [{ tone, value: us / 1_000 }];
	});
}

/** Response times p50 and p99 on a logarithmic axis, with the faults under them. */
export const latencyPanel: MakePanel = (state, size) => {
	const { name, of, intervals } = shownLoad(state);
	const series: Series[] = [
		{ tone: "accent", points: levels(intervals, (view) => view.responseP50Ms) },
		{ tone: "warn", points: levels(intervals, (view) => view.responseP99Ms) },
	];
	const window = windowOf(intervals);
	const last = intervals.at(-1);
	const guides = acceptedLevels(state);
	const load = name === null ? "" : of > 1 ? ` ${name} (l: next of ${of})` : ` ${name}`;
	return {
		title: [span("latency", "strong"), span(load)],
		readouts: [
			...(guides.length > 0 ? [[span("┈ accepted", "dim")]] : []),
			[span("p50 ", "accent"), span(latencyText(last?.responseP50Ms ?? null))],
			[span("p99 ", "warn"), span(latencyText(last?.responseP99Ms ?? null))],
			[
				span("in flight ", "dim"),
				span(last === undefined ? "–" : String(last.inFlight + last.waiting)),
			],
		],
		...chart(
			state,
			series,
			logScale([...valuesOf(series, window), ...guides.map(({ value }) => value)], axisLatency),
			window,
			size,
			(columns) => bandStrip(faultBands(state), window, columns),
			guides,
		),
	};
};

/** Operations per second that ended well and badly, and those that were due, with the phases under them. */
export const ratePanel: MakePanel = (state, size) => {
	const { intervals } = shownLoad(state);
	const points = (count: (view: IntervalView) => number) =>
		levels(intervals, (view) => perSec(view, count(view)));
	const bad = (view: IntervalView) => view.failCount + view.unknownCount;
	const series: Series[] = [
		{ tone: "offered", points: points((view) => view.dueCount) },
		{ tone: "bad", points: points(bad) },
		{ tone: "good", points: points((view) => view.okCount) },
	];
	const window = windowOf(intervals);
	const last = intervals.at(-1);
	const now = (count: (view: IntervalView) => number) =>
		span(rateText(last === undefined ? null : perSec(last, count(last))));
	const visits = (state.followed?.visits ?? []).filter(
		(visit) => visit.state !== "queued" && visit.state !== "preparing",
	);
	const ended = state.followed?.end !== null || summaryOf(state)?.endedAt !== null;
	const untilMs = ended ? (visits.at(-1)?.fromMs ?? 0) : elapsedMs(state);
	return {
		title: [span("operations/s", "strong")],
		readouts: [
			[span("ok ", "good"), now((view) => view.okCount)],
			[span("errors ", "bad"), now(bad)],
			[span("offered ", "offered"), now((view) => view.dueCount)],
		],
		...chart(
			state,
			series,
			linearScale(valuesOf(series, window), axisRate),
			window,
			size,
			(columns) =>
				stretchStrip(
					visits.map(({ state: name, fromMs }) => ({
						label: name,
						tone: name === "faulting" ? "bad" : name === "recovering" ? "warn" : "plain",
						fromMs,
					})),
					untilMs,
					window,
					columns,
				),
		),
	};
};

const axisLatency = (ms: number) =>
	ms >= 1_000 ? `${Number((ms / 1_000).toPrecision(3))} s` : `${Number(ms.toPrecision(3))} ms`;
const axisRate = (value: number) => `${rateText(value)}/s`;

/** What lies in the window: older values do not stretch the axis. */
function valuesOf(series: Series[], window: Window): number[] {
	return series.flatMap(({ points }) =>
		points.flatMap(({ ms, value }) =>
			value === null || ms < window.fromMs || ms > window.toMs ? [] : value,
		),
	);
}

function chart(
	state: Dashboard,
	series: Series[],
	scale: Scale,
	window: Window,
	{ width, height }: { width: number; height: number },
	strip: (columns: number) => Line,
	guides: readonly Guide[] = [],
): Pick<Panel, "lines" | "plot"> {
	const columns = Math.max(1, width - labelWidth);
	const rows = Math.max(1, height - 2);
	if (series.every(({ points }) => points.length === 0)) {
		const text = state.followed === null ? "no run yet" : "no load yet";
		const middle = Math.floor((height - 1) / 2);
		return {
			lines: Array.from(
				{ length: height },
				(_, row): Line => (row === middle ? [span(" ".repeat(labelWidth)), span(text, "dim")] : []),
			),
		};
	}
	const indent = span(" ".repeat(labelWidth));
	return {
		lines: [
			...yLabels(scale, rows, labelWidth).map((label): Line => [span(label, "dim")]),
			[indent, span(xLabels(window, columns), "dim")],
			[indent, ...strip(columns)],
		],
		plot: {
			left: labelWidth,
			top: 0,
			columns,
			rows,
			strokes: strokesOf(series, { bands: faultBands(state), guides }, scale, window, {
				columns,
				rows,
			}),
		},
	};
}
