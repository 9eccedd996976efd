import type { Snapshot } from "../feed.ts";
import type { SourceTable } from "../source.ts";
import { batchesOf } from "../transaction.ts";
import type { Told } from "./event.ts";
import { SettlingTable } from "./settling-table.ts";
import { SnapshotRows } from "./snapshot-rows.ts";
import { BegunAnew, RewrittenBehind } from "./spoilt.ts";
import { mayLackRows, type TableFiles } from "./table-files.ts";
import { Transactions } from "./transactions.ts";

/** How far the first rows are with a record. */
export type FirstRowsTold =
	| { kind: "more" }
	/** The first row says of which LSN its snapshot is. */
	| { kind: "begun"; lsn: number }
	/** All were read that will be: now the tables' files are to be looked at, a mark written to the source's log, and both told. */
	| { kind: "all-read" }
	| { kind: "settled"; snapshot: Snapshot };

/** What is told of the source once all rows were read. */
export interface Mark {
	/** Where it lies in the source's log. */
	lsn: number;
	/** The tables' files before the snapshot was made, and when all of it had been read. */
	before: TableFiles;
	now: TableFiles;
}

/**
 * The rows that a topic begins with, as of where they are right. That is not where their snapshot was made: who truncates a table
 * after that, and before its rows are read, leaves none of them to the reader, for a truncate is not MVCC-safe, so that the table
 * seems to have been empty at the snapshot's LSN. It comes right with the truncate itself, which is in the stream. So what is
 * committed while rows are read is put to them first, up to a mark that was written behind that, and nobody sees a table before.
 * An ALTER TABLE that rewrites does the same, and does not come at all: where a table has other files than before the snapshot, and
 * neither rows that were read nor a truncate say that none is missing, there is nothing here to begin with.
 */
export class FirstRows {
	readonly #read: SnapshotRows;
	#hasBegun = false;
	#settling: { transactions: Transactions; tables: ReadonlyMap<string, SettlingTable> } | null =
		null;
	readonly #readCounts = new Map<string, number>();
	/** Tables whose rows may have been hidden from who read them. */
	#doubted: readonly string[] = [];
	#markLsn = Number.POSITIVE_INFINITY;

	constructor(tables: readonly SourceTable[]) {
		this.#read = new SnapshotRows(tables);
	}

	marked({ lsn, before, now }: Mark): void {
		this.#markLsn = lsn;
		this.#doubted = [...this.#readCounts]
			.filter(([name, count]) => mayLackRows(before[name] ?? [], now[name] ?? [], count))
			.map(([name]) => name);
	}

	take(told: Told, offset: number): FirstRowsTold {
		if (this.#settling !== null) {
			if (told.kind === "row") throw new BegunAnew(told.lsn);
			return this.#settle(told, offset);
		}
		const read = this.#read.take(told, offset);
		if (read === null) {
			if (this.#hasBegun || told.kind !== "row") return { kind: "more" };
			this.#hasBegun = true;
			return { kind: "begun", lsn: told.lsn };
		}
		for (const [name, { rows }] of read.tables) this.#readCounts.set(name, rows.length);
		const tables = [...read.tables].map(([name, rows]) => [name, new SettlingTable(rows)] as const);
		this.#settling = { transactions: new Transactions(read.at), tables: new Map(tables) };
		// Where there was no row at all it is the begin of a transaction that says so.
		this.#settle(told, offset);
		return { kind: "all-read" };
	}

	#settle(told: Told, offset: number): FirstRowsTold {
		const { transactions, tables } = this.#settling!;
		for (const transaction of transactions.take(told, offset)) {
			for (const [name, batch] of batchesOf([transaction])) tables.get(name)!.apply(batch);
			const { endLsn: lsn, offset } = transaction;
			if (lsn < this.#markLsn) continue;
			const rewritten = this.#doubted.filter((name) => !tables.get(name)!.wasTruncated);
			if (rewritten.length > 0) throw new RewrittenBehind(rewritten);
			const settled = [...tables].map(([name, table]) => [name, table.settled(name)] as const);
			return { kind: "settled", snapshot: { at: { lsn, offset }, tables: new Map(settled) } };
		}
		return { kind: "more" };
	}
}
