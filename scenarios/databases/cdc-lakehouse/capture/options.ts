import { numberVariable, subjectSteps, variable } from "faultline/subject";
import { openStore } from "../lake/stores/open.ts";
import { publication, slotsOf } from "../names.ts";
import type { CaptureOptions } from "./capture.ts";
import { writeDown } from "./diary.ts";
import type { SourceOptions } from "./source.ts";

export type ConsumerOptions = CaptureOptions & SourceOptions;

/** Else it is the twin that is asked for. */
export function isGuarded(): boolean {
	return variable("GUARD", "on") === "on";
}

/** What a consumer is started with, by its environment. The slot goes with the run, for it has its name. */
export function optionsOf(): ConsumerOptions {
	const steps = subjectSteps();
	return {
		url: variable("FLT_PATH_REPLICATION"),
		slot: process.env.SLOT ?? slotsOf(variable("FLT_DATABASE")).consumer,
		publication: variable("PUBLICATION", publication),
		store: openStore(),
		buckets: numberVariable("BUCKETS", 16),
		cacheRowsMax: numberVariable("CACHE_ROWS_MAX", 500_000),
		batchChangesMax: numberVariable("BATCH_CHANGES_MAX", 20_000),
		lingerMs: numberVariable("LINGER_MS", 200),
		checkpointEvery: numberVariable("CHECKPOINT_EVERY", 100),
		filesMax: numberVariable("FILES_MAX", 4),
		retentionMs: numberVariable("RETENTION_MS", 7 * 24 * 3_600_000),
		vacuumEveryMs: numberVariable("VACUUM_EVERY_MS", 60_000),
		step: (name) => steps.reach(name),
		diary: writeDown,
	};
}
