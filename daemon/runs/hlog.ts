import type { RunDocument } from "./document.ts";
import type { MeteredInterval } from "./meter.ts";

/**
 * Response times as a standard HdrHistogram log (format 1.3): a line per interval and load, tagged with the load's
 * name; recorded in microseconds, the greatest value of a line shown in milliseconds.
 */
export function histogramLog(
	document: Pick<RunDocument, "runId" | "startedAt">,
	intervals: readonly MeteredInterval[],
): string {
	const startMs = Date.parse(document.startedAt ?? "");
	const head = [
		`#[Faultline run ${document.runId}: response times, microseconds]`,
		"#[Histogram log format version 1.3]",
		`#[StartTime: ${(startMs / 1_000).toFixed(3)} (seconds since epoch), ${document.startedAt}]`,
		'"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
	];
	const lines = intervals.map(({ view, responseUs, responseMaxUs }) => {
		const fields = [
			`Tag=${view.load.replaceAll(/[,\s]/g, "_")}`,
			(view.fromMs / 1_000).toFixed(3),
			((view.toMs - view.fromMs) / 1_000).toFixed(3),
			((responseMaxUs ?? 0) / 1_000).toFixed(3),
			responseUs,
		];
		return fields.join(",");
	});
	return `${[...head, ...lines].join("\n")}\n`;
}
