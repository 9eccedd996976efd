import { numberVariable, serve, subjectSteps, variable } from "faultline/subject";
import { slotsOf } from "../names.ts";
import { startCapture } from "./capture.ts";
import { writeDown } from "./diary.ts";
import { startNaive } from "./naive.ts";

// Captures the tables of a publication into Delta tables in the folder that it is started in; GET / says how far it is.
//
//   GUARD=on FLT_PATH_REPLICATION=postgres://… SLOT=lake PUBLICATION=lake node consumer.ts

const start = variable("GUARD", "on") === "on" ? startCapture : startNaive;
const steps = subjectSteps();
const capture = start({
	url: variable("FLT_PATH_REPLICATION"),
	// Under the run's name, so that it goes with the run.
	slot: process.env.SLOT ?? slotsOf(variable("FLT_DATABASE")).consumer,
	publication: variable("PUBLICATION"),
	folder: ".",
	buckets: numberVariable("BUCKETS", 16),
	sync: variable("SYNC", "on") === "on",
	cacheRowsMax: numberVariable("CACHE_ROWS_MAX", 500_000),
	batchChangesMax: numberVariable("BATCH_CHANGES_MAX", 10_000),
	filesMax: numberVariable("FILES_MAX", 8),
	retentionMs: numberVariable("RETENTION_MS", 7 * 24 * 3_600_000),
	vacuumEveryMs: numberVariable("VACUUM_EVERY_MS", 60_000),
	step: (name) => steps.reach(name),
	diary: writeDown,
});

await serve({
	"GET /": () => ({ folder: process.cwd(), lsn: capture.lsn }),
	"POST /vacuum": async () => ({ deletedCount: await capture.vacuum(0) }),
});
