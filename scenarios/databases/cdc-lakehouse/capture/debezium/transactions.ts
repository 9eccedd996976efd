import type { Change } from "../../lake/changes.ts";
import type { Position } from "../../lake/position.ts";
import type { Transaction } from "../transaction.ts";
import type { Told, ToldChange } from "./event.ts";

/** A transaction of which something has come. */
interface Open {
	xid: string;
	/** Of the first record of it that is needed. */
	firstOffset: number;
	/** Each once, by what tells it from all others of the transaction. */
	changes: Map<string, ToldChange>;
	/** How many of each collection have come. */
	counts: Map<string, number>;
	/** Null before its end has come. */
	end: Extract<Told, { kind: "end" }> | null;
}

/**
 * Puts a topic's records together to transactions: whole ones, each once, in the order of their commits. A connector that was
 * killed sends again what it had not noted as sent, from the middle of a transaction too; and what it counts at that
 * transaction's end is all of it (since Debezium 3.7, as far as its code tells), or what it has sent since. So a change counts
 * once however often it comes, and those that a dead connector has left belong to it as well. What is to come before its end
 * and has not, is waited for.
 */
export class Transactions {
	readonly #open = new Map<string, Open>();
	/** Those that have ended and are not whole yet, in the order of their commits, and those behind them. */
	#ended: Open[] = [];
	/** Behind the last that was given. */
	#lsn: number;

	constructor(from: Pick<Position, "lsn">) {
		this.#lsn = from.lsn;
	}

	/** Takes the record at this offset; all transactions that are whole with it. */
	take(told: Told, offset: number): Transaction[] {
		switch (told.kind) {
			case "tombstone":
			case "message":
				return [];
			// Of a snapshot that the tables have: they were at its end before anything came here.
			case "row":
				return [];
			case "begin":
				this.#at(told.xid, offset);
				return [];
			case "change":
				this.#add(this.#at(told.xid, offset), told);
				break;
			case "end":
				this.#finish(told, offset);
				break;
			default:
				told satisfies never;
		}
		return this.#whole(offset + 1);
	}

	#at(xid: string, offset: number): Open {
		const found = this.#open.get(xid);
		if (found !== undefined) return found;
		const open: Open = {
			xid,
			firstOffset: offset,
			changes: new Map(),
			counts: new Map(),
			end: null,
		};
		this.#open.set(xid, open);
		return open;
	}

	#add({ changes, counts }: Open, told: ToldChange): void {
		const { what, lsn, collection } = told;
		// A record of the log may tell of several rows, as those of COPY do, and of several tables that are truncated.
		const id = `${lsn} ${collection} ${what.op} ${what.op === "truncate" ? "" : what.key}`;
		if (changes.has(id)) return;
		changes.set(id, told);
		counts.set(collection, (counts.get(collection) ?? 0) + 1);
	}

	#finish(end: Extract<Told, { kind: "end" }>, offset: number): void {
		// It was sent again, by a connector that did not know that it had been.
		if (end.lsn <= this.#lsn) return void this.#open.delete(end.xid);
		const open = this.#at(end.xid, offset);
		if (open.end !== null) return;
		open.end = end;
		this.#ended.push(open);
		this.#ended.sort((a, b) => a.end!.lsn - b.end!.lsn);
	}

	#whole(nextOffset: number): Transaction[] {
		const given: Transaction[] = [];
		for (let next = this.#ended[0]; next !== undefined && isWhole(next); next = this.#ended[0]) {
			this.#ended.shift();
			this.#open.delete(next.xid);
			given.push(this.#given(next, nextOffset));
		}
		return given;
	}

	#given({ changes, end }: Open, nextOffset: number): Transaction {
		const { lsn, committedMs } = end!;
		const inOrder = [...changes.values()].sort((a, b) => a.lsn - b.lsn);
		const afterLsn = inOrder[0]?.afterLsn ?? null;
		if (afterLsn !== null && afterLsn > this.#lsn)
			throw new Error(
				`a transaction comes after one that ended at ${afterLsn}, and what has come ends at ${this.#lsn}: the topic lacks what lies between`,
			);
		this.#lsn = lsn;
		let offset = nextOffset;
		for (const { firstOffset } of this.#open.values()) offset = Math.min(offset, firstOffset);
		return { endLsn: lsn, offset, committedMs, changes: joined(inOrder) };
	}
}

function isWhole({ counts, end }: Open): boolean {
	for (const [collection, count] of end!.counts)
		if ((counts.get(collection) ?? 0) < count) return false;
	return true;
}

/** A row that gets another key comes as a delete and a create of one record of the log: they are one change. */
function joined(all: readonly ToldChange[]): Transaction["changes"] {
	const changes: { table: string; shape: ToldChange["shape"]; change: Change }[] = [];
	for (const [i, { table, shape, what, lsn }] of all.entries()) {
		const before = all[i - 1];
		const isSecond =
			what.op === "create" &&
			before?.what.op === "delete" &&
			before.lsn === lsn &&
			before.table === table;
		const change = changeOf(what, isSecond && before.what.op === "delete" ? before.what.key : null);
		if (isSecond) changes.pop();
		changes.push({ table, shape, change });
	}
	return changes;
}

function changeOf(what: ToldChange["what"], oldKey: string | null): Change {
	switch (what.op) {
		case "create":
		case "update":
			return { kind: "upsert", row: what.row, oldKey };
		case "delete":
			return { kind: "delete", key: what.key };
		case "truncate":
			return { kind: "truncate" };
		default:
			return what satisfies never;
	}
}
