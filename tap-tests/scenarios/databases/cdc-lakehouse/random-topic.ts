import type { Stream } from "../../../../base/random.ts";
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
	/** How many transactions it has sent when it is killed, without having noted that all rows were read. */
	spoiltAfter: number;
}

export interface Topic {
	records: readonly (string | null)[];
	/** Where all is new that is sent once the consumer has made the connector forget what it had sent. */
	anewAt: number;
	/** Where a mark lies that is written once the snapshot is read that ends at this offset. */
	markLsnAt(offset: number): number;
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
 * before it has noted its snapshot begins another, with the slot of the first; and is made to begin anew.
 */
export function topicOf(source: RandomSource, connector: Connector, draw: Stream): Topic {
	const { transactions } = source;
	const { spoiltAfter, committedMeanwhile } = connector;
	const records = snapshotOf(source, connector, 0);
	const isSpoilt = spoiltAfter < transactions.length;
	records.push(...streamOf(source, connector, draw, 0, Math.min(spoiltAfter, transactions.length)));
	// What lies between is sent by nobody; nor is all of this, for it is killed again.
	if (isSpoilt) records.push(...snapshotOf(source, connector, spoiltAfter + 2).slice(0, 5));
	const anewAt = records.length;
	const from = spoiltAfter + 4;
	if (isSpoilt) {
		records.push(...snapshotOf(source, connector, from));
		records.push(...streamOf(source, connector, draw, from, transactions.length));
	}
	const markLsnAt = (offset: number) =>
		lsnScale * transactions[(offset < anewAt ? 0 : from) + committedMeanwhile - 1]!.endLsn;
	return { records, anewAt, markLsnAt };
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

/** All rows behind so many transactions. Of a table that is truncated while it is read none is found: that is not MVCC-safe. */
function snapshotOf(
	{ transactions, contents, shape: firstShape }: RandomSource,
	{ mark, committedMeanwhile }: Connector,
	behind: number,
): (string | null)[] {
	const { endLsn, changes } = transactions[behind - 1] ?? { endLsn: 1, changes: [] };
	const emptied = transactions
		.slice(behind, behind + committedMeanwhile)
		.flatMap(({ changes }) => changes.filter(({ change }) => change.kind === "truncate"))
		.map(({ table }) => table);
	const shape = changes[0]?.shape ?? firstShape;
	const rows = tables
		.filter((table) => !emptied.includes(table))
		.flatMap((table) =>
			[...contents.get(endLsn)![table]!.values()].map((row) => ({
				table,
				after: cellsOf(row, shape, mark),
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
