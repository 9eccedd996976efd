import { MergedHistogram } from "../../load/histogram.ts";
import type { RunDocument } from "./document.ts";
import type { MeteredInterval } from "./interval.ts";

/**
 * Response times as a standard HdrHistogram log (format 1.3): a line per interval and load, recorded in microseconds,
 * the greatest value of a line shown in milliseconds. The usual tools read the lines without a tag where none is asked
 * for: those are the first load's after its warm-up. Any other load's have its name as their tag, what was due in the
 * warm-up has `warming`, of another load than the first `NAME.warming`.
 */
export function histogramLog(
	document: Pick<RunDocument, "runId" | "startedAt">,
	intervals: readonly MeteredInterval[],
): string {
	const startMs = Date.parse(document.startedAt ?? "");
	const first = intervals[0]?.view.load;
	const head = [
		`#[Faultline run ${document.runId}: response times, microseconds]`,
		"#[Histogram log format version 1.3]",
		`#[StartTime: ${(startMs / 1_000).toFixed(3)} (seconds since epoch), ${document.startedAt}]`,
		...(first === undefined
			? []
			: [`#[Without a tag: load ${first} after its warm-up; the warm-up: Tag=warming]`]),
		'"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
	];
	const lines = intervals.flatMap((interval) => {
		const { view } = interval;
		const name = view.load === first ? [] : [view.load.replaceAll(/[,\s]/g, "_")];
		return partsOf(interval).map(({ tags, responseUs, maxUs }) => {
			const tag = [...name, ...tags].join(".");
			const fields = [
				...(tag === "" ? [] : [`Tag=${tag}`]),
				(view.fromMs / 1_000).toFixed(3),
				((view.toMs - view.fromMs) / 1_000).toFixed(3),
				((maxUs ?? 0) / 1_000).toFixed(3),
				responseUs,
			];
			return fields.join(",");
		});
	});
	return `${[...head, ...lines].join("\n")}\n`;
}

interface Part {
	tags: readonly string[];
	/** HdrHistogram V2, compressed, base64. */
	responseUs: string;
	maxUs: number | null;
}

/** What was due in the warm-up, and what after it; of an interval that has only one of them just that. */
function partsOf({ phases, responseUs, responseMaxUs }: MeteredInterval): Part[] {
	const isWarmUp = ({ phase }: { phase: string }) => phase === "warming";
	const whole = (tags: readonly string[]): Part[] => [{ tags, responseUs, maxUs: responseMaxUs }];
	if (!phases.some(isWarmUp)) return whole([]);
	if (phases.every(isWarmUp)) return whole(["warming"]);
	const part = (tags: readonly string[], some: MeteredInterval["phases"]): Part => {
		const sum = new MergedHistogram();
		for (const one of some) if (one.responseUs !== null) sum.add(one.responseUs);
		return { tags, responseUs: sum.encode(), maxUs: sum.quantiles().max };
	};
	return [
		part(["warming"], phases.filter(isWarmUp)),
		part(
			[],
			phases.filter((one) => !isWarmUp(one)),
		),
	];
}
