import hdr from "hdr-histogram-js";
import t from "tap";
import { histogramLog } from "../../../daemon/record/hlog.ts";
import { LoadMeter } from "../../../daemon/watch/meter.ts";
import { report } from "./interval.ts";

const startedAt = "2026-01-01T00:00:10.250Z";
const run = { runId: "run-1", startedAt };

function intervalsOf(load: string, responsesMs: number[][]) {
	const meter = new LoadMeter({ load, case: null, workers: 1, intervalMs: 500, zeroMs: 2_000 });
	return responsesMs.flatMap((values, index) =>
		meter.see(report(0, index, { responsesMs: values })),
	);
}

t.test("a reader of standard histogram logs gets the run's intervals back", (t) => {
	const intervals = [
		...intervalsOf("orders", [[10, 20, 30], [40]]),
		...intervalsOf("reads, all", [[5]]),
	];
	const reader = new hdr.HistogramLogReader(histogramLog(run, intervals));
	const read = [];
	for (
		let next = reader.nextIntervalHistogram();
		next !== null;
		next = reader.nextIntervalHistogram()
	)
		read.push(next as hdr.Histogram);
	const zeroMs = Date.parse(startedAt);
	t.same(
		read.map(({ tag, totalCount, startTimeStampMsec, endTimeStampMsec }) => [
			tag,
			totalCount,
			startTimeStampMsec - zeroMs,
			endTimeStampMsec - zeroMs,
		]),
		[
			["NO TAG", 3, 2_000, 2_500],
			["NO TAG", 1, 2_500, 3_000],
			["reads__all", 1, 2_000, 2_500],
		],
		"the usual tools read what has no tag; one with a comma would be two fields",
	);
	t.ok(Math.abs(read[0]!.maxValue / 30_000 - 1) < 0.001, "values are microseconds");
	t.ok(Math.abs(read[0]!.getValueAtPercentile(50) / 20_000 - 1) < 0.001);
	t.end();
});

t.test("the greatest value of a line is readable, in milliseconds; of nothing it is zero", (t) => {
	const text = histogramLog(run, intervalsOf("orders", [[10, 30], []]));
	const lines = text.split("\n").filter((line) => /^\d/.test(line));
	const maxima = lines.map((line) => Math.round(Number(line.split(",")[2])));
	t.same(maxima, [30, 0]);
	t.match(
		text,
		/#\[StartTime: 1767225610\.250 \(seconds since epoch\), 2026-01-01T00:00:10\.250Z\]/,
	);
	t.match(
		text,
		/^#\[Faultline run run-1: response times, microseconds\]\n#\[Histogram log format version 1\.3\]/,
	);
	t.end();
});

t.test("what was due in the warm-up is apart from the rest, also within an interval", (t) => {
	const meter = new LoadMeter({
		load: "orders",
		case: null,
		workers: 1,
		intervalMs: 500,
		zeroMs: 2_000,
	});
	const warming = report(0, 0, { phase: "warming", responsesMs: [900, 900] });
	const both = report(0, 1, { phase: "warming", responsesMs: [800] });
	both.slices.push(...report(0, 1, { responsesMs: [10, 20] }).slices);
	const text = histogramLog(run, [
		...meter.see(warming),
		...meter.see(both),
		...meter.see(report(0, 2, { responsesMs: [5] })),
	]);
	const rows = text
		.split("\n")
		.filter((line) => /^(Tag=|\d)/.test(line))
		.map((line) => [
			/^Tag=([^,]*)/.exec(line)?.[1] ?? null,
			hdr.decodeFromCompressedBase64(line.split(",").at(-1)!).totalCount,
		]);
	t.match(
		histogramLog(run, [
			...meter.see(report(0, 3, {})),
			...new LoadMeter({ load: "reads", case: null, workers: 1, intervalMs: 500, zeroMs: 0 }).see(
				report(0, 0, { phase: "warming", responsesMs: [1] }),
			),
		]),
		/\nTag=reads\.warming,/,
		"another load's has its name first",
	);
	t.same(rows, [
		["warming", 2],
		["warming", 1],
		[null, 2],
		[null, 1],
	]);
	t.end();
});
