import type { Change } from "../lake/changes.ts";
import type { Shape } from "../lake/columns.ts";
import type { TableBatch } from "../lake/lake.ts";

/** A transaction of the source, as its log has it: with the ends of those that were rolled back nothing comes. */
export interface Transaction {
	/** Behind its commit: who has come so far has all of it. */
	endLsn: number;
	/** Where the topic that it came through goes on behind it; null where it came through none. */
	offset: number | null;
	/** When it was committed, milliseconds of the epoch. */
	committedMs: number;
	changes: readonly { table: string; shape: Shape; change: Change }[];
}

/**
 * How many transactions from the front of a queue one batch takes: whole ones, and so many changes at most, but one at least.
 * Tables that a dead writer has left uneven are first brought to `levelLsn`, where the furthest is, in one batch that ends
 * there: at no LSN between could all tables be read. 0 where that has not come yet.
 */
export function batchLength(
	queue: readonly Transaction[],
	levelLsn: number,
	changesMax: number,
): number {
	const level = queue.findIndex(({ endLsn }) => endLsn >= levelLsn);
	if (level !== 0 || queue[0]!.endLsn === levelLsn) return level + 1;
	let changeCount = 0;
	const full = queue.findIndex(({ changes }) => {
		changeCount += changes.length;
		return changeCount > changesMax;
	});
	return full === -1 ? queue.length : Math.max(1, full);
}

/** What transactions bring to each table. Its columns are those that it has at their end. */
export function batchesOf(transactions: readonly Transaction[]): Map<string, TableBatch> {
	const batches = new Map<string, { shape: Shape; changes: { lsn: number; change: Change }[] }>();
	for (const { endLsn, changes } of transactions)
		for (const { table, shape, change } of changes) {
			const batch = batches.get(table) ?? { shape, changes: [] };
			batch.shape = shape;
			batch.changes.push({ lsn: endLsn, change });
			batches.set(table, batch);
		}
	return batches;
}
