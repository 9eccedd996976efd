import { monotonicMs, pause } from "faultline/subject";
import type { Change } from "../lake/changes.ts";
import type { Row, Shape } from "../lake/columns.ts";
import { DeltaTable } from "../lake/delta-table.ts";
import type { Capture } from "./capture.ts";
import { lagOf } from "./diary.ts";
import type { ConsumerOptions } from "./options.ts";
import { type SourceTable, tablesOf, withSource } from "./source.ts";

const retryAfterMs = 50;

/** What a message says of a row that is there, or gone. */
export interface NaiveEvent {
	table: string;
	shape: Shape;
	change: Change;
	lsn: number;
	committedMs: number;
}

/** Tells events from wherever its source believes that it was. */
export interface NaiveFeed {
	open(
		tables: readonly SourceTable[],
		lake: ReadonlyMap<string, DeltaTable>,
		tell: (events: readonly NaiveEvent[]) => void,
	): Promise<{ fromLsn: number; broken: Promise<never>; close(): Promise<void> }>;
}

/**
 * The twin: written on a quiet day. What it has received counts as done; it goes on where its source believes that it was;
 * it commits each table when there is something for it, in the middle of transactions; and it takes an event for the new row
 * and nothing else, so that truncates are passed over, and what was not sent is whatever stands in its place.
 */
export function startNaive(options: ConsumerOptions, feed: NaiveFeed): Capture {
	let lsn: number | null = null;
	const run = async () => {
		for (;;) {
			try {
				await session(options, feed, (reached) => {
					lsn = reached;
				});
			} catch (error) {
				console.error(String(error));
			}
			await pause(retryAfterMs);
		}
	};
	void run();
	return {
		get lsn() {
			return lsn;
		},
		vacuum: async () => 0,
	};
}

async function session(
	options: ConsumerOptions,
	feed: NaiveFeed,
	onLsn: (lsn: number) => void,
): Promise<never> {
	const { url, publication, store, step, diary } = options;
	const found = await withSource(url, (client) => tablesOf(client, publication));
	const tables = new Map<string, DeltaTable>();
	for (const { name } of found)
		tables.set(name, await DeltaTable.open(await store.table(name), options));
	const events: NaiveEvent[] = [];
	const stream = await feed.open(found, tables, (told) => void events.push(...told));
	let { fromLsn } = stream;
	diary({ kind: "started", atMs: Date.now(), fromLsn, garbage: [] });

	const work = async (): Promise<never> => {
		for (;;) {
			await pause(options.lingerMs);
			const batch = events.splice(0, options.batchChangesMax);
			if (batch.length === 0) continue;
			const sinceMs = monotonicMs();
			const toLsn = batch.at(-1)!.lsn;
			for (const [name, ofTable] of Map.groupBy(batch, ({ table }) => table)) {
				const table = tables.get(name)!;
				const changes = ofTable.map(({ change }) => change);
				const { shape } = ofTable.at(-1)!;
				const to = { lsn: toLsn, offset: null };
				const staged = await table.stageChanges(changes, shape, { fromLsn, to });
				await step("data-written");
				await table.commit(staged);
				await step("first-table-committed");
			}
			await step("tables-committed");
			fromLsn = toLsn;
			onLsn(toLsn);
			const atMs = Date.now();
			diary({
				kind: "batch",
				atMs,
				toLsn,
				transactionCount: new Set(batch.map((event) => event.lsn)).size,
				changeCount: batch.length,
				tookMs: monotonicMs() - sinceMs,
				lag: lagOf(
					batch.map(({ committedMs }) => ({ committedMs })),
					atMs,
				),
			});
			await step("acknowledged");
		}
	};
	try {
		return await Promise.race([work(), stream.broken]);
	} finally {
		await stream.close().catch(() => {});
	}
}

/** What did not come is nothing. */
export function sent(row: Record<string, string | null | undefined>): Row {
	return Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, cell ?? null]));
}
