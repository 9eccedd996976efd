import { join } from "node:path";
import {
	type HookContext,
	type Latency,
	type LatencyEntries,
	latencyOf,
	medianOf,
	withPostgres,
} from "faultline";
import { type DiaryLine, diaryFile, readDiary } from "./capture/diary.ts";
import { type Diff, diffRows } from "./diff.ts";
import { type HeldLog, heldLogOf, mebibyte } from "./held-log.ts";
import { keys, publication, type Read, type TableName, tableNames } from "./names.ts";
import {
	countedChanges,
	type Histories,
	hiddenGarbage,
	joinedStarts,
	levelPins,
} from "./oracle/commits.ts";
import { type Finding, findingOf } from "./oracle/finding.ts";
import { balancedReads, equalReads, servedReads } from "./oracle/reads.ts";
import type { P } from "./params.ts";
import type { Version } from "./reader/log-replay.ts";
import type { Place } from "./reader/place.ts";
import { readRows, type TextRow } from "./reader/read-rows.ts";
import { rowText } from "./row-sum.ts";
import { epochOf } from "./run-time.ts";
import { type SourceRow, sourceRows } from "./source-rows.ts";
import { type Stretch, timelineOf } from "./timeline.ts";
import type { Watch } from "./watch.ts";

type Ctx = HookContext<P, "postgres", Watch, "transactions" | "reads", "consumer" | "reader", "s3">;

export type Observed = {
	/** Reads of all tables at one LSN, against the oracle's replay. */
	readsEqual: Finding;
	readsBalanced: Finding;
	readsServed: Finding;
	/** What the tables' logs say. */
	pinsLevel: Finding;
	changesCounted: Finding;
	startsJoined: Finding;
	garbageHidden: Finding;
	/** Whether the consumer has said that its last vacuum is done. */
	vacuumed: boolean;
	/** Files on the disk after it, against those of the newest versions. */
	filesKept: Finding;
	/** The newest version of each table against the source's rows, as a statement gives them. */
	final: { table: TableName; diff: Diff }[];
	/** By the consumer's diary. */
	startCount: number;
	heldLog: HeldLog;
	lag: Latency;
	steadyLag: Latency;
	restoreMs: number | null;
	catchUpRowsPerSec: number | null;
	/** Files beyond one a bucket, in the newest versions. */
	smallFileCount: number;
	rowsWrittenCount: number;
	changeCount: number;
	timeline: Stretch[];
};

export async function observe(ctx: Ctx): Promise<Observed> {
	const { state: watch, subjectFolder, params, zeroMs } = ctx;
	const folder = subjectFolder("consumer");
	const [vacuumed] = await Promise.all([lastVacuum(ctx), watch.readOn()]);
	const { commits } = watch.replay;
	const place = watch.place(folder);
	const histories = await watch.histories(folder);
	const diary = readDiary(join(folder, diaryFile));
	const starts = diary.filter((line) => line.kind === "started");
	const batches = diary.filter((line) => line.kind === "batch");
	const reads = await readsIn(ctx);
	return {
		readsEqual: equalReads(reads, commits),
		readsBalanced: balancedReads(reads),
		readsServed: servedReads(reads, params.retentionMs),
		pinsLevel: levelPins(histories),
		changesCounted: countedChanges(histories, commits),
		startsJoined: joinedStarts(histories, starts),
		garbageHidden: hiddenGarbage(
			histories,
			starts.flatMap(({ garbage }) => garbage),
		),
		vacuumed,
		filesKept: await filesKept(place, histories, vacuumed),
		final: await finalDiffs(ctx, place, histories),
		startCount: starts.length,
		heldLog: heldLogOf(watch.heldLog, params.logRoomMiB * mebibyte),
		lag: latencyOf(batches.map(({ lag }) => lag)),
		steadyLag: latencyOf(steadyLagsOf(batches, starts)),
		restoreMs: medianOf(restoresIn(diary)),
		catchUpRowsPerSec: catchUpOf(batches),
		smallFileCount: smallFiles(histories, params.buckets),
		rowsWrittenCount: sumOf(histories, ({ rowsAdded }) => rowsAdded),
		changeCount: sumOf(histories, ({ info }) => info.changeCount),
		timeline: timelineOf(batches, epochOf(zeroMs)),
	};
}

async function readsIn({ journal }: Ctx): Promise<Read[]> {
	const reads: Read[] = [];
	for await (const { receipt } of journal("reads"))
		if (receipt !== null) reads.push(JSON.parse(receipt) as Read);
	return reads;
}

const vacuumLimitMs = 10_000;

/** Whatever is in no version is to go now: nobody reads any more. Whether the consumer has said that it is done. */
async function lastVacuum({ subject, signal }: Ctx): Promise<boolean> {
	const limit = AbortSignal.any([signal, AbortSignal.timeout(vacuumLimitMs)]);
	const asked = fetch(`${subject("consumer")}/vacuum`, { method: "POST", signal: limit });
	return asked.then(
		({ ok }) => ok,
		() => false,
	);
}

/** Every file of the newest versions is there, and after a vacuum no other. */
async function filesKept(place: Place, histories: Histories, vacuumed: boolean): Promise<Finding> {
	const all: { name: string; isThere: boolean; isListed: boolean }[] = [];
	for (const [table, versions] of histories) {
		const there = await place.names(table, "");
		const files = new Set(there.filter((name) => name.endsWith(".parquet")));
		const listed = versions.at(-1)?.files ?? new Map<string, number>();
		for (const path of new Set([...files, ...listed.keys()]))
			all.push({
				name: `${table}/${path}`,
				isThere: files.has(path),
				isListed: listed.has(path),
			});
	}
	return findingOf(all, ({ name, isThere, isListed }) => {
		if (isThere && (isListed || !vacuumed)) return null;
		return isThere
			? `${name} is there, and in no version`
			: `${name} is in a version, and not there`;
	});
}

async function finalDiffs(
	{ direct }: Ctx,
	place: Place,
	histories: Histories,
): Promise<Observed["final"]> {
	const source = await withPostgres(direct, (client) => sourceRows(client, publication));
	const diffs: Observed["final"] = [];
	for (const table of tableNames) {
		const newest = histories.get(table)?.at(-1);
		const found: TextRow[] = [];
		// What can't be read is lost.
		if (newest !== undefined)
			try {
				for await (const row of readRows(place, table, newest)) found.push(row);
			} catch (error) {
				console.error(String(error));
			}
		diffs.push({ table, diff: diffTable(table, found, source.get(table) ?? []) });
	}
	return diffs;
}

function diffTable(
	table: TableName,
	found: Iterable<SourceRow>,
	wanted: Iterable<SourceRow>,
): Diff {
	const key = (row: SourceRow) => keys[table].map((name) => row[name]).join(" ");
	return diffRows(found, wanted, { key, text: rowText });
}

type Batch = Extract<DiaryLine, { kind: "batch" }>;
type Started = Extract<DiaryLine, { kind: "started" }>;

/** Lags of the first consumer, which nothing had broken yet, from when it had its snapshot. */
function steadyLagsOf(batches: readonly Batch[], starts: readonly Started[]): LatencyEntries[] {
	const [first, second] = [starts[0]?.atMs ?? 0, starts[1]?.atMs ?? Number.POSITIVE_INFINITY];
	return batches
		.filter(({ atMs }) => atMs < second)
		.map(({ atMs, lag }) => lag.filter(([us]) => atMs - us / 1_000 >= first));
}

/** From each start but the first to its first batch. */
function restoresIn(diary: readonly DiaryLine[]): number[] {
	return diary.flatMap((line, i) => {
		const next = diary[i + 1];
		const isAgain = line.kind === "started" && i > 1;
		return isAgain && next?.kind === "batch" ? [next.atMs - line.atMs] : [];
	});
}

const batchWorthMeasuring = 1_000;

/** Changes that a large batch brings in a second, from its coming to its commit; null where there was none. */
function catchUpOf(batches: readonly Batch[]): number | null {
	return medianOf(
		batches.flatMap(({ changeCount, tookMs }) =>
			changeCount >= batchWorthMeasuring ? [(1_000 * changeCount) / tookMs] : [],
		),
	);
}

function smallFiles(histories: Histories, buckets: number): number {
	let count = 0;
	for (const versions of histories.values())
		count += Math.max(0, (versions.at(-1)?.files.size ?? 0) - buckets);
	return count;
}

function sumOf(histories: Histories, of: (version: Version) => number): number {
	let sum = 0;
	for (const versions of histories.values())
		for (const version of versions) if (version.info.operation !== "SNAPSHOT") sum += of(version);
	return sum;
}

export type Expected = {
	transactionCount: number;
	/** What the oracle's replay comes to, and what the source's tables hold: two ways to the same. */
	replayed: Finding;
};

/** What the source is, by the oracle's replay and by a statement. */
export async function expected({ state: watch, direct }: Ctx): Promise<Expected> {
	await watch.readOn();
	const source = await withPostgres(direct, (client) => sourceRows(client, publication));
	const replayed = findingOf(tableNames, (table) => {
		const { first } = diffTable(table, watch.replay.rows(table), source.get(table) ?? []);
		return first === null ? null : `${table}: ${first}`;
	});
	return { transactionCount: watch.replay.commits.length, replayed };
}
