import t from "tap";
import {
	bandStrip,
	stretchStrip,
	strokesOf,
	windowOf,
	xLabels,
	yLabels,
} from "../../../daemon/tui/plot.ts";
import { linearScale, logScale, round125 } from "../../../daemon/tui/scale.ts";
import { plainText } from "../../../daemon/tui/text.ts";

const every = (count: number, ms: number) =>
	Array.from({ length: count }, (_, i) => ({ fromMs: 1_000 + i * ms, toMs: 1_000 + (i + 1) * ms }));
const window = { fromMs: 0, toMs: 10_000 };
const text = (value: number) => `${value} ms`;

t.test("bounds of an axis are round", (t) => {
	for (const [value, down, up] of [
		[7, 5, 10],
		[0.3, 0.2, 0.5],
		[1, 1, 1],
		[0.1, 0.1, 0.1],
		[2_610, 2_000, 5_000],
	] as const) {
		t.equal(round125(value, "down"), down, `${value} down`);
		t.equal(round125(value, "up"), up, `${value} up`);
	}
	t.end();
});

t.test("10 ms and a 3 s outage are both readable on one axis", (t) => {
	const scale = logScale([10, 12, 3_000], text);
	t.equal(scale.heightOf(10), 0);
	t.ok(scale.heightOf(3_000) > 0.85);
	t.ok(scale.heightOf(100) > 0.3 && scale.heightOf(100) < 0.45, "a decade takes over a third");
	const labels = yLabels(scale, 8, 9).map((label) => label.trim());
	t.ok(labels.includes("10 ms") && labels.includes("100 ms") && labels.includes("1000 ms"));
	t.end();
});

t.test("an axis without values or with a single one is still an axis", (t) => {
	t.equal(logScale([], text).heightOf(1), 0);
	t.equal(logScale([10], text).heightOf(100), 1);
	t.equal(linearScale([], text).heightOf(0), 0);
	t.equal(linearScale([240], text).heightOf(240), 1);
	t.end();
});

t.test("the window grows in steps, then moves on with the last of 120 intervals", (t) => {
	t.same(windowOf([]), { fromMs: 0, toMs: 5_000 });
	t.same(windowOf(every(10, 500)), { fromMs: 1_000, toMs: 6_000 });
	t.same(windowOf(every(11, 500)), { fromMs: 1_000, toMs: 11_000 });
	t.same(windowOf(every(400, 500)), { fromMs: 141_000, toMs: 201_000 });
	const cutShort = [...every(20, 500), { fromMs: 11_000, toMs: 11_003 }];
	t.same(windowOf(cutShort), { fromMs: 1_000, toMs: 16_000 }, "a last one that is short");
	t.end();
});

t.test("the fault window stands under the chart, open to the right while it lasts", (t) => {
	const band = { label: "timeout on db", tone: "bad" as const, fromMs: 2_000, toMs: 8_000 };
	t.equal(plainText(bandStrip([band], window, 41)), "        ├──── timeout on db ────┤        ");
	t.equal(
		plainText(bandStrip([{ ...band, fromMs: 4_000, toMs: null }], window, 41)),
		"                ├──── timeout on db ────▶",
	);
	t.equal(
		plainText(bandStrip([{ ...band, toMs: 3_000 }], window, 41)),
		"        ├───┤ timeout on db              ",
		"its name stands beside it where it is too short",
	);
	const other = { label: "freeze on redis", tone: "bad" as const, fromMs: 3_000, toMs: 9_500 };
	t.match(plainText(bandStrip([other, band], window, 60)), "timeout on db + freeze on redis");
	t.equal(plainText(bandStrip([], window, 10)), " ".repeat(10));
	t.end();
});

t.test("a band is marked by uprights where it begins and ends, behind the lines", (t) => {
	const band = { label: "x", tone: "bad" as const, fromMs: 5_000, toMs: null };
	const series = { tone: "good" as const, points: [{ ms: 0, value: 1 }] };
	const strokes = strokesOf(
		[series],
		{ bands: [band], guides: [] },
		linearScale([1], text),
		window,
		{
			columns: 10,
			rows: 5,
		},
	);
	t.same(strokes, [
		{
			tone: "bad",
			dotted: true,
			points: [
				[10, 0],
				[10, 19],
			],
		},
		{ tone: "good", dotted: false, points: [[0, 0]] },
	]);
	t.end();
});

t.test("a level that the series are held against lies dotted over the whole width", (t) => {
	const guides = [{ tone: "warn" as const, value: 1 }];
	const size = { columns: 10, rows: 5 };
	t.same(strokesOf([], { bands: [], guides }, linearScale([2], text), window, size), [
		{
			tone: "warn",
			dotted: true,
			points: [
				[0, 10],
				[19, 10],
			],
		},
	]);
	t.end();
});

t.test("where there is no value there is a gap, never a zero", (t) => {
	const points = [10, null, null, 20, 30].map((value, i) => ({ ms: i * 1_000, value }));
	const strokes = strokesOf(
		[{ tone: "good", points }],
		{ bands: [], guides: [] },
		linearScale([30], text),
		window,
		{
			columns: 10,
			rows: 5,
		},
	);
	t.same(
		strokes.map((stroke) => stroke.points.length),
		[1, 2],
	);
	t.end();
});

t.test("labels of the time axis have their unit and do not touch", (t) => {
	t.equal(xLabels(window, 41), "0 s     2 s     4 s     6 s     8 s      ");
	t.equal(xLabels({ fromMs: 141_000, toMs: 201_000 }, 40).length, 40);
	t.end();
});

t.test("phases lie under the chart up to now", (t) => {
	const phases = [
		{ label: "warming", tone: "plain" as const, fromMs: 1_000 },
		{ label: "steady", tone: "plain" as const, fromMs: 4_000 },
		{ label: "faulting", tone: "bad" as const, fromMs: 8_000 },
	];
	t.equal(
		plainText(stretchStrip(phases, 8_500, window, 41)),
		"    │warming    │steady         │ ",
		"a name without room is left out",
	);
	t.end();
});
