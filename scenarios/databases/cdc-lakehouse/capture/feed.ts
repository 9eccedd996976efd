import type { TableSnapshot } from "../lake/lake.ts";
import type { Position } from "../lake/position.ts";
import type { SourceTable } from "./source.ts";
import type { Transaction } from "./transaction.ts";

/** All rows of the tables as they were at one position. */
export interface Snapshot {
	at: Position;
	tables: ReadonlyMap<string, TableSnapshot>;
}

/** What is to become of what comes. */
export interface Receiver {
	/** Transactions come one after another; the next is not read before this has resolved. */
	onTransaction(transaction: Transaction): Promise<void> | void;
	/** Somebody asks whether anybody is there, and wants an acknowledgement, of however little. */
	onAsked(): void;
}

/** Transactions as they come. */
export interface ChangeStream {
	/** Rejects when it has broken; it does not end by itself. */
	readonly broken: Promise<never>;
	/** All that ends up to here need not be sent again. */
	acknowledge(position: Position): Promise<void>;
	close(): Promise<void>;
}

/**
 * By which way a source's transactions come, each whole and in the order of their commits: straight from its log, or through
 * somebody who reads that and a topic that he writes to.
 */
export interface Feed {
	/** The tables that are captured, as the source's catalog has them now. */
	tables(): Promise<readonly SourceTable[]>;
	/** All rows anew, where what has happened since the tables were at this position can't be had any more; null where it can. */
	snapshot(has: Position | null, tables: readonly SourceTable[]): Promise<Snapshot | null>;
	/** What ends behind this position. */
	open(from: Position, tables: readonly SourceTable[], receiver: Receiver): ChangeStream;
}
