import type { Change } from "../lake/changes.ts";
import type { Shape } from "../lake/columns.ts";
import type { TableBatch } from "../lake/lake.ts";

/** A transaction of the source, as its log has it: with the ends of those that were rolled back nothing comes. */
export interface Transaction {
	/** Behind its commit: who has come so far has all of it. */
	endLsn: number;
	/** When it was committed, milliseconds of the epoch. */
	committedMs: number;
	changes: readonly { table: string; shape: Shape; change: Change }[];
}

/**
 * How many transactions from the front of a queue one batch takes: whole ones, so many changes at most but one transaction at
 * least, and in any case up to `levelLsn`. 0 where the queue does not reach there: tables that a writer left uneven are brought level in one batch, for
 * of what lies between no reader could see all tables.
 */
export function batchLength(
	queue: readonly Transaction[],
	levelLsn: number,
	changesMax: number,
): number {
	let changeCount = 0;
	let length = 0;
	for (const { changes } of queue) {
		const isLevel = length > 0 && queue[length - 1]!.endLsn >= levelLsn;
		if (isLevel && changeCount + changes.length > changesMax) break;
		changeCount += changes.length;
		length += 1;
	}
	return length > 0 && queue[length - 1]!.endLsn >= levelLsn ? length : 0;
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
