import { join } from "node:path";
import { appendNdjson, readNdjson } from "../../base/ndjson.ts";
import type { RunDocument } from "../record/document.ts";
import { comparable } from "./accept.ts";
import { keyOf, keyText, metricId } from "./baseline.ts";
import type { Night } from "./history.ts";

/** One run of one night, a line of `history/<scenario>.ndjson`: what is kept when the run itself is gone. */
export interface NightRecord {
	schema: 1;
	/** The night's date: values of one night are one value. */
	night: string;
	runId: string;
	key: string;
	fingerprint: string;
	scenarioHash: string;
	/** Metric, with its case in front where there is one → value. */
	values: Record<string, number>;
}

export function nightRecordOf(run: RunDocument, night: string): NightRecord {
	const { runId, scenarioHash, environment } = run;
	const known = comparable(run).flatMap((metric) =>
		metric.value === null ? [] : [[metricId(metric), metric.value] as const],
	);
	return {
		schema: 1,
		night,
		runId,
		key: keyText(keyOf(run)),
		fingerprint: environment.fingerprint,
		scenarioHash,
		values: Object.fromEntries(known),
	};
}

export function appendNight(folder: string, scenario: string, record: NightRecord): void {
	appendNdjson(fileOf(folder, scenario), record);
}

function fileOf(folder: string, scenario: string): string {
	return join(folder, `${encodeURIComponent(scenario)}.ndjson`);
}

/** All that is kept of this scenario, oldest first; a torn line is left out. */
export function readNights(folder: string, scenario: string): NightRecord[] {
	return readNdjson(fileOf(folder, scenario));
}

/** A metric's nights of this run's key, each the mean of its runs; without the run itself. */
export function nightsOf(
	records: readonly NightRecord[],
	run: RunDocument,
	metric: string,
): (Night & { night: string })[] {
	const key = keyText(keyOf(run));
	const byNight = new Map<string, { night: string; fingerprint: string; values: number[] }>();
	for (const record of records) {
		const value = record.values[metric];
		if (record.key !== key || record.runId === run.runId || value === undefined) continue;
		const { night, fingerprint } = record;
		const id = `${night} ${fingerprint}`;
		const known = byNight.get(id) ?? { night, fingerprint, values: [] };
		byNight.set(id, { ...known, values: [...known.values, value] });
	}
	return [...byNight.values()].map(({ night, fingerprint, values }) => ({
		night,
		fingerprint,
		value: values.reduce((a, b) => a + b) / values.length,
	}));
}
