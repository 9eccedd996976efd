import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { appendNdjson, readNdjson } from "../../base/ndjson.ts";
import { metricId } from "../compare/baseline.ts";
import { changePMax, changePoint } from "../compare/change-point.ts";
import { meanOf, pctOf } from "../compare/estimate.ts";
import { type NightRecord, nightsOf } from "../compare/nights.ts";
import type { RunDocument } from "../record/document.ts";
import type { Change } from "./document.ts";
import type { DuetEntry } from "./settings.ts";

/** One night's duet, a line of `history/ratios/<scenario>.ndjson`: B over A, positive = worse. */
export interface RatioRecord {
	schema: 1;
	night: string;
	runId: string;
	/** Which variants: another pin is another series. */
	variants: string;
	/** Of the host. */
	fingerprint: string;
	/** Gate → mean log ratio of its pairs. */
	worseLog: Record<string, number>;
}

export function variantsText({ a, b }: Pick<DuetEntry, "a" | "b">): string {
	const sorted = (params: DuetEntry["a"]) =>
		Object.entries(params).sort(([x], [y]) => (x < y ? -1 : 1));
	return JSON.stringify([sorted(a), sorted(b)]);
}

/** The night's ratio of each gate that every counting pair has; null where no pair counts. */
export function ratioRecordOf(
	run: RunDocument,
	night: string,
	variants: string,
): RatioRecord | null {
	const pairs = run.duet?.pairs.filter(({ dropped }) => dropped === null) ?? [];
	const known = new Map<string, number[]>();
	for (const { name, role, matters, worseLog } of pairs.flatMap(({ measures }) => measures))
		if (role === "gate" && matters && worseLog !== null)
			known.set(name, [...(known.get(name) ?? []), worseLog]);
	const whole = [...known].filter(([, values]) => values.length === pairs.length);
	if (whole.length === 0) return null;
	const worseLog = Object.fromEntries(whole.map(([name, values]) => [name, meanOf(values)]));
	const { fingerprint } = run.environment;
	return { schema: 1, night, runId: run.runId, variants, fingerprint, worseLog };
}

function fileOf(history: string, scenario: string): string {
	return join(history, "ratios", `${encodeURIComponent(scenario)}.ndjson`);
}

export function appendRatio(history: string, scenario: string, record: RatioRecord): void {
	const file = fileOf(history, scenario);
	mkdirSync(dirname(file), { recursive: true });
	appendNdjson(file, record);
}

/** All that is kept of this scenario, oldest first; a torn line is left out. */
export function readRatios(history: string, scenario: string): RatioRecord[] {
	return readNdjson(fileOf(history, scenario));
}

/** Gates of a duet whose ratio stands at another level since some night. */
export function ratioChanges(
	scenario: string,
	records: readonly RatioRecord[],
	{ variants, fingerprint }: Pick<RatioRecord, "variants" | "fingerprint">,
): Change[] {
	const alike = records.filter(
		(record) => record.variants === variants && record.fingerprint === fingerprint,
	);
	const gates = new Set(alike.flatMap(({ worseLog }) => Object.keys(worseLog)));
	return [...gates].flatMap((metric) => {
		const series = alike.flatMap(({ night, worseLog }) => {
			const value = worseLog[metric];
			return value === undefined ? [] : [{ night, value }];
		});
		return changeOf(series, changePMax.gate, { scenario, series: "ratios", metric });
	});
}

/** Machine metrics of a run whose own values stand at another level: a night's mood is in them, so they ask for more. */
export function nightChanges(run: RunDocument, records: readonly NightRecord[]): Change[] {
	const { fingerprint } = run.environment;
	return run.metrics.flatMap((metric) => {
		if (metric.portability !== "machine") return [];
		const id = metricId(metric);
		const nights = nightsOf(records, { ...run, runId: "" }, id).filter(
			(night) => night.fingerprint === fingerprint && night.value > 0,
		);
		const sign = metric.direction === "lower" ? 1 : -1;
		const series = nights.map(({ night, value }) => ({ night, value: sign * Math.log(value) }));
		const of = { scenario: run.scenario, series: "nights" as const, metric: id };
		return changeOf(series, changePMax.advisory, of);
	});
}

function changeOf(
	series: readonly { night: string; value: number }[],
	pMax: number,
	of: Pick<Change, "scenario" | "series" | "metric">,
): Change[] {
	const found = changePoint(
		series.map(({ value }) => value),
		pMax,
	);
	if (found === null) return [];
	const { night } = series[found.index]!;
	return [{ ...of, night, worsePct: pctOf(found.shiftLog), p: found.p }];
}
