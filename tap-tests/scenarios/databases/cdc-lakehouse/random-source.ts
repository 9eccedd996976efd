import { pick, type Stream, stream } from "../../../../base/random.ts";
import type { Transaction } from "../../../../scenarios/databases/cdc-lakehouse/capture/transaction.ts";
import type { Change } from "../../../../scenarios/databases/cdc-lakehouse/lake/changes.ts";
import type { Row, Shape } from "../../../../scenarios/databases/cdc-lakehouse/lake/columns.ts";

// A source without a server: transactions of a seed over two tables, and what is in them after each.

export const tables = ["customers", "orders"] as const;

const narrow: Shape = {
	columns: [
		{ name: "id", type: "long" },
		{ name: "name", type: "string" },
		{ name: "profile", type: "string" },
		{ name: "open", type: "boolean" },
	],
	key: ["id"],
};
const wide: Shape = {
	...narrow,
	columns: [...narrow.columns, { name: "added", type: "integer" }],
};

/** All rows of each table, by key. */
export type Content = Record<string, ReadonlyMap<string, Row>>;

export interface RandomSource {
	shape: Shape;
	first: Content;
	transactions: Transaction[];
	/** What is there at each LSN at which a transaction ends, and at 1, where it begins. */
	contents: Map<number, Content>;
}

export function randomSource(seed: number, count: number): RandomSource {
	const draw = stream(seed, "source");
	const now: Record<string, Map<string, Row>> = {};
	for (const table of tables) {
		now[table] = new Map();
		for (let id = 1; id <= 20; id++) now[table].set(String(id), rowOf(draw, String(id), narrow));
	}
	const first = copied(now);
	const contents = new Map([[1, first]]);
	const transactions: Transaction[] = [];
	let lsn = 1;
	for (let n = 0; n < count; n++) {
		const shape = n > count / 2 ? wide : narrow;
		const changes = Array.from({ length: 1 + Math.floor(draw() * 6) }, () => {
			const table = pick(draw, tables);
			return { table, shape, change: changeOf(draw, now[table]!, shape) };
		});
		lsn += 1 + Math.floor(draw() * 100);
		transactions.push({ endLsn: lsn, offset: 10 * (n + 1), committedMs: 0, changes });
		contents.set(lsn, copied(now));
	}
	return { shape: narrow, first, transactions, contents };
}

/** Draws a change, and makes it in `rows`. */
function changeOf(draw: Stream, rows: Map<string, Row>, shape: Shape): Change {
	const id = String(1 + Math.floor(draw() * 40));
	const known = [...rows.keys()];
	const kind = draw();
	if (kind < 0.02) {
		rows.clear();
		return { kind: "truncate" };
	}
	if (kind < 0.2 && known.length > 0) {
		const key = pick(draw, known);
		rows.delete(key);
		return { kind: "delete", key };
	}
	if (kind < 0.55 && known.length > 0) {
		// An update, of the key too, that leaves what is large as it was, and so does not send it.
		const oldKey = pick(draw, known);
		const key = draw() < 0.3 && !rows.has(id) ? id : oldKey;
		const { profile } = rows.get(oldKey)!;
		const row = rowOf(draw, key, shape);
		rows.delete(oldKey);
		rows.set(key, { ...row, profile: profile ?? null });
		return { kind: "upsert", row: { ...row, profile: undefined }, oldKey };
	}
	const row = rowOf(draw, id, shape);
	rows.set(id, row);
	return { kind: "upsert", row, oldKey: null };
}

function rowOf(draw: Stream, id: string, { columns }: Shape): Row {
	const row: Record<string, string | null> = {
		id,
		name: draw() < 0.1 ? null : `it's "${Math.floor(draw() * 1e6)}"`,
		profile: "x".repeat(Math.floor(draw() * 30)),
		open: draw() < 0.5 ? "true" : "false",
	};
	if (columns.length > narrow.columns.length) row.added = String(Math.floor(draw() * 100));
	return row;
}

function copied(now: Record<string, Map<string, Row>>): Content {
	return Object.fromEntries(Object.entries(now).map(([table, rows]) => [table, new Map(rows)]));
}
