import type { Stream } from "../../../../base/random.ts";
import type { Mark } from "../../../../scenarios/databases/cdc-lakehouse/capture/debezium/first-rows.ts";
import type { SourceTable } from "../../../../scenarios/databases/cdc-lakehouse/capture/source.ts";
import type { Transaction } from "../../../../scenarios/databases/cdc-lakehouse/capture/transaction.ts";
import type {
	Change,
	ChangedRow,
} from "../../../../scenarios/databases/cdc-lakehouse/lake/changes.ts";
import type { Shape } from "../../../../scenarios/databases/cdc-lakehouse/lake/columns.ts";
import { beginText, changeText, endText } from "./debezium-records.ts";
import { type RandomSource, tables } from "./random-source.ts";

// What Debezium's connector would write of a random source, and a worker that dies now and then.

/** Room between two ends for the records of a transaction. */
export const lsnScale = 1_000;

export interface Connector {
	/** What stands for a cell that was not sent. */
	mark: string;
	skipsTruncates: boolean;
	/** Transactions that are committed while rows are read, before the last is. */
	committedMeanwhile: number;
	spoilt: Spoilt;
}

/** Why it is made to begin anew, and after how many transactions that it has sent. */
export type Spoilt =
	| { by: "nothing" }
	/** It was killed without having noted that all rows were read. */
	| { by: "kill"; after: number }
	/** An ALTER TABLE has rewritten this table before it was read. */
	| { by: "rewrite"; table: string; after: number };

export interface Topic {
	records: readonly (string | null)[];
	/** Where all is new that is sent once the consumer has made the connector forget what it had sent. */
	anewAt: number;
	/** What is told once the snapshot is read that ends at this offset. */
	markAt(offset: number): Mark;
}

/** As the catalog has them in the end. */
export function catalogOf({ transactions, shape }: RandomSource): SourceTable[] {
	const { columns, key } = transactions.at(-1)?.changes.at(-1)?.shape ?? shape;
	return tables.map((name) => ({
		qualified: `public.${name}`,
		name,
		columns: [...columns],
		key: [...key],
	}));
}

/**
 * All rows of before, and then every transaction; a worker that dies sends again what it had not noted as sent. One that dies
 * before it has noted its snapshot begins another, with the slot of the first; and is made to begin anew, as is one that has read a
 * table behind which somebody has rewritten it.
 */
export function topicOf(source: RandomSource, connector: Connector, draw: Stream): Topic {
	const { transactions } = source;
	const { spoilt, committedMeanwhile } = connector;
	const after = spoilt.by === "nothing" ? transactions.length : spoilt.after;
	const rewritten = spoilt.by === "rewrite" ? spoilt.table : null;
	const records = snapshotOf(source, connector, 0, rewritten);
	records.push(...streamOf(source, connector, draw, 0, after));
	// What lies between is sent by nobody; nor is all of this, for it is killed again.
	if (spoilt.by === "kill")
		records.push(...snapshotOf(source, connector, after + 2, null).slice(0, 5));
	const anewAt = records.length;
	const from = after + 4;
	if (spoilt.by !== "nothing") {
		records.push(...snapshotOf(source, connector, from, null));
		records.push(...streamOf(source, connector, draw, from, transactions.length));
	}
	const markAt = (offset: number): Mark => {
		const isFirst = offset < anewAt;
		const behind = isFirst ? 0 : from;
		const emptied = [isFirst && rewritten, ...truncatedBehind(source, connector, behind)];
		return {
			lsn: lsnScale * transactions[behind + committedMeanwhile - 1]!.endLsn,
			before: Object.fromEntries(tables.map((name) => [name, [1]])),
			now: Object.fromEntries(tables.map((name) => [name, [emptied.includes(name) ? 2 : 1]])),
		};
	};
	return { records, anewAt, markAt };
}

/** Transactions from one to before another, by a worker that dies now and then. */
function streamOf(
	{ transactions }: RandomSource,
	connector: Connector,
	draw: Stream,
	from: number,
	to: number,
): (string | null)[] {
	const topic: (string | null)[] = [];
	let afterLsn: number | null = null;
	for (let n = from; n < to; ) {
		const records = recordsOf(transactions[n]!, n, connector, afterLsn);
		const { begin, changes, end } = records;
		const dies = draw() < 0.3 ? Math.floor(draw() * (changes.length + 1)) : null;
		topic.push(begin, ...changes.slice(0, dies ?? changes.length).flatMap(({ texts }) => texts));
		if (dies !== null) {
			// It had noted some of this transaction, or was a few transactions behind.
			if (draw() < 0.5) {
				n = Math.max(from, n - Math.floor(draw() * 3));
				afterLsn = n === 0 ? null : transactions[n - 1]!.endLsn * lsnScale;
				continue;
			}
			const noted = Math.floor(draw() * (dies + 1));
			const rest = changes.slice(noted);
			topic.push(begin, ...rest.flatMap(({ texts }) => texts));
			// Some versions count on where they were, others begin anew.
			topic.push(end(draw() < 0.5 ? rest : changes));
		} else topic.push(end(changes));
		afterLsn = transactions[n]!.endLsn * lsnScale;
		n += 1;
	}
	return topic;
}

interface Sent {
	table: string;
	/** Of each row that it sends a record, and what stands beside it. */
	texts: (string | null)[];
	count: number;
}

function recordsOf(
	{ endLsn, changes }: Transaction,
	n: number,
	connector: Connector,
	afterLsn: number | null,
) {
	const xid = 700 + n;
	const firstLsn = endLsn * lsnScale - 500;
	const sent = changes.flatMap(({ table, shape, change }, i): Sent[] => {
		if (change.kind === "truncate" && connector.skipsTruncates) return [];
		const written = { xid, lsn: firstLsn + 8 * i, table, afterLsn };
		const texts = textsOf(change, shape, written, connector);
		return [{ table, texts, count: texts.filter((text) => text !== null).length }];
	});
	const end = (counted: readonly Sent[]) => {
		const counts: Record<string, number> = {};
		for (const { table, count } of counted) counts[table] = (counts[table] ?? 0) + count;
		return endText(xid, endLsn * lsnScale, counts);
	};
	return { begin: beginText(xid, firstLsn), changes: sent, end };
}

function textsOf(
	change: Change,
	shape: Shape,
	written: { xid: number; lsn: number; table: string; afterLsn: number | null },
	{ mark }: Connector,
): (string | null)[] {
	// All columns are there; of those that are not of the key nothing is known.
	const keyCells = (key: string) => cellsOf({ id: key }, shape, mark);
	switch (change.kind) {
		case "truncate":
			return [changeText({ op: "t", ...written })];
		case "delete":
			return [changeText({ op: "d", before: keyCells(change.key), ...written }), null];
		case "upsert": {
			const after = cellsOf(change.row, shape, mark);
			const { oldKey } = change;
			if (oldKey === null) return [changeText({ op: "c", after, ...written })];
			if (oldKey === change.row.id) return [changeText({ op: "u", after, ...written })];
			return [
				changeText({ op: "d", before: keyCells(oldKey), ...written }),
				null,
				changeText({ op: "c", after, ...written }),
			];
		}
		default:
			return change satisfies never;
	}
}

/** The tables that are truncated while rows are read. */
function truncatedBehind(
	{ transactions }: RandomSource,
	{ committedMeanwhile }: Connector,
	behind: number,
): string[] {
	return transactions
		.slice(behind, behind + committedMeanwhile)
		.flatMap(({ changes }) => changes.filter(({ change }) => change.kind === "truncate"))
		.map(({ table }) => table);
}

/**
 * All rows behind so many transactions. Of a table that is truncated while it is read, or rewritten, none is found: that is not
 * MVCC-safe.
 */
function snapshotOf(
	source: RandomSource,
	connector: Connector,
	behind: number,
	rewritten: string | null,
): (string | null)[] {
	const { transactions, contents, shape: firstShape } = source;
	const { endLsn, changes } = transactions[behind - 1] ?? { endLsn: 1, changes: [] };
	const emptied = truncatedBehind(source, connector, behind);
	const shape = changes[0]?.shape ?? firstShape;
	const rows = tables
		.filter((table) => table !== rewritten && !emptied.includes(table))
		.flatMap((table) =>
			[...contents.get(endLsn)![table]!.values()].map((row) => ({
				table,
				after: cellsOf(row, shape, connector.mark),
			})),
		);
	return rows.map((row, i) => {
		const snapshot = i === rows.length - 1 ? "last" : i === 0 ? "first" : "true";
		return changeText({ op: "r", lsn: endLsn * lsnScale, snapshot, ...row });
	});
}

function cellsOf(row: ChangedRow, { columns }: Shape, mark: string): Record<string, unknown> {
	return Object.fromEntries(
		columns.map(({ name, type }) => {
			const cell = row[name];
			if (cell === undefined) return [name, name in row ? mark : null];
			if (cell === null) return [name, null];
			if (type === "boolean") return [name, cell === "true"];
			return [name, type === "string" ? cell : Number(cell)];
		}),
	);
}
