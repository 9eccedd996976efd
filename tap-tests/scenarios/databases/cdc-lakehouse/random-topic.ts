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

/** All rows of before, and then every transaction; a worker that dies sends again what it had not noted as sent. */
export function topicOf(
	source: RandomSource,
	connector: Connector,
	draw: Stream,
): (string | null)[] {
	const topic = snapshotOf(source, connector);
	const { transactions } = source;
	let afterLsn: number | null = null;
	for (let n = 0; n < transactions.length; ) {
		const records = recordsOf(transactions[n]!, n, connector, afterLsn);
		const { begin, changes, end } = records;
		const dies = draw() < 0.3 ? Math.floor(draw() * (changes.length + 1)) : null;
		topic.push(begin, ...changes.slice(0, dies ?? changes.length).flatMap(({ texts }) => texts));
		if (dies !== null) {
			// It had noted some of this transaction, or was a few transactions behind.
			if (draw() < 0.5) {
				n = Math.max(0, n - Math.floor(draw() * 3));
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

function snapshotOf({ first, shape }: RandomSource, { mark }: Connector): (string | null)[] {
	const rows = tables.flatMap((table) =>
		[...first[table]!.values()].map((row) => ({ table, after: cellsOf(row, shape, mark) })),
	);
	return rows.map((row, i) => {
		const snapshot = i === 0 ? "first" : i === rows.length - 1 ? "last" : "true";
		return changeText({ op: "r", lsn: lsnScale, snapshot, ...row });
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
