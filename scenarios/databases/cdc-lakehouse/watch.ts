import { readFileSync } from "node:fs";
import type { HookContext } from "faultline";
import { connectPostgres, S3Client } from "faultline/subject";
import type { HeldReading } from "./held-log.ts";
import { appId, keys, lakeBucket, slotsOf, tableNames } from "./names.ts";
import { Replay } from "./oracle/replay.ts";
import { type Client, makeOracleSlot, readOn } from "./oracle/slot.ts";
import type { P } from "./params.ts";
import { LogReplay, type Version } from "./reader/log-replay.ts";
import { folderPlace, type Place } from "./reader/place.ts";
import { s3Place } from "./reader/s3-place.ts";
import { nowInRun } from "./run-time.ts";
import { firstRows } from "./workload.ts";

type Ctx = HookContext<P, "postgres", unknown, string, string, "s3">;

/** Follows the source by a second slot, and the tables by their logs, past the consumer. */
export interface Watch {
	replay: Replay;
	/** Replays what has been committed since. */
	readOn(): Promise<void>;
	/** Where the tables lie; the folder is the consumer's. */
	place(folder: string): Place;
	/** The tables' versions up to now, by table. */
	histories(folder: string): Promise<Map<string, readonly Version[]>>;
	/** What the consumer's slot keeps Postgres from removing now; `zeroMs` is the run's zero. */
	readHeldLog(zeroMs: number): Promise<number>;
	/** All that was read of it. */
	heldLog: readonly HeldReading[];
}

/** Makes the source, with the oracle's slot before its first row. */
export async function openWatch(ctx: Ctx): Promise<Watch> {
	const { direct, names, params } = ctx;
	const slots = slotsOf(names.database);
	const replay = new Replay(keys);
	// One connection for all of the run: to make one each interval would cost more than what is asked.
	let open: ReturnType<typeof connectPostgres> | null = null;
	const ask: Client["query"] = async (text, values) => {
		open ??= connectPostgres(direct.postgres.url);
		try {
			return await (await open).query(text, values);
		} catch (error) {
			open = null;
			throw error;
		}
	};
	const client: Client = { query: ask };
	await ask(readFileSync(new URL("./tables.sql", import.meta.url), "utf8"));
	await makeOracleSlot(client, slots.oracle);
	for (const { text, values } of firstRows(params)) await ask(text, values);
	const s3 = await bucketPlace(ctx);
	const place = (folder: string) => s3 ?? folderPlace(folder);
	const logs = new Map<string, LogReplay>();
	const heldLog: HeldReading[] = [];
	// One after another: each call reads on where the one before it ended.
	let last: Promise<void> = Promise.resolve();
	return {
		replay,
		place,
		readOn() {
			const reading = last.then(() => readOn(client, slots.oracle, replay));
			last = reading.catch(() => {});
			return reading;
		},
		async histories(folder) {
			const histories = new Map<string, readonly Version[]>();
			for (const name of tableNames) {
				const log = logs.get(name) ?? new LogReplay(place(folder), name, appId);
				logs.set(name, log);
				histories.set(name, await log.versions());
			}
			return histories;
		},
		heldLog,
		async readHeldLog(zeroMs) {
			const { rows } = await ask(
				`select pg_current_wal_lsn() - confirmed_flush_lsn as bytes
				 from pg_replication_slots where slot_name = $1`,
				[slots.consumer],
			);
			const bytes = Number(rows[0]?.bytes ?? 0);
			heldLog.push({ atMs: nowInRun(zeroMs), bytes });
			return bytes;
		},
	};
}

/** Makes the bucket where the tables are to be in one; null where they lie in the consumer's folder. */
async function bucketPlace({ direct, names, params }: Ctx): Promise<Place | null> {
	if (params.store === "files") return null;
	const client = new S3Client(direct.s3!.url);
	const bucket = lakeBucket(names.bucketPrefix);
	const { status } = await client.request({ method: "PUT", bucket });
	if (status !== 200) throw new Error(`bucket ${bucket} could not be made: ${status}`);
	return s3Place(client, bucket);
}
