import t from "tap";
import type { ChartOutcome } from "../../../daemon/host/protocol.ts";
import {
	frameOf,
	linearTicks,
	logTicks,
	tickText,
	timeTicks,
	xOf,
} from "../../../daemon/report/charts/frame.ts";
import { labelPlace } from "../../../daemon/report/charts/lanes.ts";
import { linesChart, strokesOf } from "../../../daemon/report/charts/lines-chart.ts";
import { faultWindows, latencyChart } from "../../../daemon/report/charts/over-time.ts";
import { stretchesOf } from "../../../daemon/report/series.ts";
import { fault, fullReport } from "./full-report.ts";

t.test("a logarithmic axis holds its values between round numbers", (t) => {
	const rows: [values: number[], ticks: number[], why: string][] = [
		[[12, 350], [10, 20, 50, 100, 200, 500], "in steps of 1, 2, 5"],
		[[0.03, 900], [0.01, 0.1, 1, 10, 100, 1_000], "in tens where those are too many"],
		[[10, 10], [10, 20], "one value has an axis too"],
		[[0.000001], [0.00001, 0.00002], "less than there is a tick for"],
	];
	for (const [values, ticks, why] of rows) {
		t.same(logTicks(values), { min: ticks[0], max: ticks.at(-1), ticks }, why);
	}
	t.end();
});

t.test("a linear axis holds its values between round numbers, also below zero", (t) => {
	const rows: [least: number, most: number, ticks: number[], why: string][] = [
		[0, 7, [0, 2, 4, 6, 8], "from zero"],
		[-3, 40, [-10, 0, 10, 20, 30, 40], "below zero"],
		[0, 0, [0, 0.2, 0.4, 0.6, 0.8, 1], "nothing at all"],
		[1_000, 1_004, [1_000, 1_001, 1_002, 1_003, 1_004], "far from zero"],
	];
	for (const [least, most, ticks, why] of rows) t.same(linearTicks(least, most).ticks, ticks, why);
	t.end();
});

t.test("the lines of a scenario's chart are told apart, and what has no place is a gap", (t) => {
	const labels = Array.from({ length: 16 }, (_, i) => `partition ${i}`);
	const chart: ChartOutcome = {
		id: "lag",
		case: null,
		title: "Lag",
		problem: null,
		x: { label: "rate", scale: "log" },
		y: { label: "lag", scale: "log" },
		series: labels.map((label, i) => ({ label, points: [[i, i + 1]] })),
	};
	const strokes = strokesOf(chart).map(
		({ colour, dash, widthPx }) => `${colour} ${dash} ${widthPx}`,
	);
	t.equal(new Set(strokes).size, 16);
	const svg = linesChart(chart, 880)!.text;
	t.equal(svg.match(/<path d="M1 0A1/g)?.length, 15, "a point at rate 0 has no place");
	t.notMatch(svg, /NaN|undefined/);
	t.equal(linesChart({ ...chart, series: [{ label: "none", points: [[5, null]] }] }, 880), null);
	t.end();
});

t.test("a time axis has round instants, as many as there is room for", (t) => {
	const span = { fromMs: 2_980, toMs: 13_986 };
	t.same(timeTicks(frameOf(344, span)), [5_000, 10_000]);
	t.equal(timeTicks(frameOf(880, span)).length, 11);
	t.same(timeTicks(frameOf(880, { fromMs: 5, toMs: 5 })), [5], "a run that ended at once");
	t.same([500, 12_000, 125_000].map(tickText), ["0.5 s", "12 s", "2 min 05 s"]);
	const frame = frameOf(880, span);
	t.equal(xOf(frame, 0), frame.leftPx, "what was before lies at the edge");
	t.equal(xOf(frame, 99_999), 880 - frame.rightPx);
	t.end();
});

t.test("faults that overlap are one window, and one without an injection none", (t) => {
	const windows = faultWindows([
		fault({ injectedMs: 4_000, healedMs: 6_000, cleanMs: null }),
		fault({ injectedMs: 5_000, cleanMs: 7_000 }),
		fault({ injectedMs: 9_000, healedMs: null, cleanMs: null, plannedToMs: 9_500 }),
		fault({ injectedMs: null }),
	]);
	t.same(windows, [
		{ fromMs: 4_000, toMs: 7_000 },
		{ fromMs: 9_000, toMs: 9_500 },
	]);
	t.end();
});

t.test("a label stands where it has room, and never leaves the drawing", (t) => {
	const label = "timeout on db";
	t.match(labelPlace(label, 100, 200, 880), { anchor: "start", text: label });
	t.match(labelPlace(label, 600, 860, 880), { anchor: "end", text: label });
	const narrow = labelPlace("a-rule-with-a-long-name", 150, 250, 344);
	t.match(narrow.text, /^a-rule.*…$/);
	t.equal(labelPlace(label, 10, 335, 344).text, "", "no room on either side");
	t.end();
});

t.test("a chart draws each fault's window, leaves gaps, and has no colour of its own", (t) => {
	const { document, intervals } = fullReport();
	const frame = frameOf(880, { fromMs: 0, toMs: 8_500 });
	const draw = (faults = document.faults) =>
		latencyChart(stretchesOf(intervals, 8_500), { phases: document.phases, faults }, frame)!.text;
	t.match(draw(), 'fill="var(--band)"');
	t.notMatch(draw([]), "var(--band)");
	const p99 = /<path d="([^"]+)"[^>]*stroke="var\(--red\)"/.exec(draw())?.[1];
	t.equal(p99?.match(/M/g)?.length, 2, "two strokes, with a gap between them");
	t.notMatch(draw(), /#(?!000)[0-9a-f]{3,6}"|<style|<script|class=/);
	t.equal(latencyChart([], { phases: [], faults: [] }, frame), null);
	t.end();
});
