import { count, ms, number, oneOf, type Params, phaseParams } from "faultline";
import { engineNames } from "./engine-names.ts";

export const properties = {
	engine: oneOf(
		engineNames,
		"node",
		"what captures: node reads the slot itself; debezium does on Kafka Connect, and the consumer its topic",
	),
	store: oneOf(
		["files", "s3"],
		"files",
		"where the tables lie: in a folder, or in a bucket of the stack's S3",
	),
	ratePerSec: number(150, 1, 5_000, "transactions offered, per second"),
	customers: count(2_000, 10, 1_000_000, "customers at the begin"),
	orders: count(6_000, 10, 10_000_000, "orders at the begin"),
	largeRows: count(20_000, 10, 900_000, "orders of the large transaction"),
	specialEvery: count(
		1_000,
		20,
		1_000_000,
		"transactions in which there is one that adds a column, one that truncates and a large one",
	),
	buckets: count(16, 1, 1_024, "buckets of each table: keys whose rows lie in the same files"),
	filesMax: count(4, 1, 1_000, "files of a bucket that are left as they are"),
	checkpointEvery: count(
		100,
		1,
		1_000_000,
		"versions of a table after which those who open it need not read them any more",
	),
	batchChangesMax: count(20_000, 1, 1_000_000, "changes in one batch, at most"),
	lingerMs: ms(100, 0, 60_000, "time that a batch which is not full waits for more"),
	retentionMs: ms(4_000, 100, 3_600_000, "time that a file stays that is in no version any more"),
	vacuumEveryMs: ms(1_000, 50, 3_600_000, "time between two looks for such files"),
	readsPerSec: number(5, 0.1, 1_000, "times that all tables are read at one LSN, per second"),
	readPauseMs: ms(500, 0, 60_000, "time that a reader takes over what it has pinned, at least"),
	script: oneOf(
		["few", "full", "abandoned"],
		"full",
		"few: a kill before the first commit and one between two tables; full: a kill in each gap, a broken, a slow link, a freeze; abandoned: nobody reads the slot for long",
	),
	awayMs: ms(20_000, 100, 3_600_000, "of abandoned: how long nobody reads the slot"),
	logRoomMiB: number(
		64,
		1,
		1_000_000,
		"log that the source has room for behind a slot; of a quarter of it somebody is told",
	),
	rounds: count(1, 1, 100, "times that the script is gone through"),
	downMs: ms(400, 50, 10_000, "how long a killed consumer is gone"),
	apartMs: ms(1_000, 310, 60_000, "pause between two faults"),
	lagMsMax: ms(5_000, 10, 600_000, "p99 from commit to visible while nothing is broken, at most"),
	sessionMs: ms(
		2_000,
		1_000,
		60_000,
		"of debezium: time after which the group takes a silent consumer for dead",
	),
	...phaseParams({ warmMs: 1_000, steadyMs: 3_000, recoverLimitMs: 10_000, intervalMs: 250 }),
};

export const small = {
	customers: 150,
	orders: 300,
	largeRows: 1_500,
	specialEvery: 200,
	ratePerSec: 100,
	buckets: 4,
	checkpointEvery: 15,
	lingerMs: 40,
	retentionMs: 1_000,
	vacuumEveryMs: 200,
	readsPerSec: 12,
	readPauseMs: 150,
	script: "few",
	awayMs: 6_000,
	logRoomMiB: 8,
	downMs: 120,
	apartMs: 310,
	warmMs: 150,
	steadyMs: 300,
	recoverLimitMs: 5_000,
	intervalMs: 75,
} as const;

export const large = {
	ratePerSec: 500,
	customers: 50_000,
	orders: 200_000,
	largeRows: 100_000,
	specialEvery: 5_000,
	buckets: 64,
	logRoomMiB: 1_024,
	rounds: 10,
	apartMs: 3_000,
	retentionMs: 20_000,
	readsPerSec: 0.5,
};

export type P = Params<typeof properties>;
