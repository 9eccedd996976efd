import { RowSum, rowText } from "../row-sum.ts";
import { type DecodedRow, decode } from "./test-decoding.ts";

/** What is in the tables once a transaction is committed. */
export interface CommitState {
	lsn: number;
	/** Of each table, in the order of their names: rows and checksum. */
	sums: Readonly<Record<string, string>>;
	/** Changes so far, of each table. */
	changeCounts: Readonly<Record<string, number>>;
}

type Row = Record<string, string | null>;

interface Table {
	key: readonly string[];
	rows: Map<string, Row>;
	sum: RowSum;
	changeCount: number;
}

/**
 * Replays the source's log from its begin, when the tables were empty, by a way of its own: another plugin, another parser,
 * rows one by one. So it knows what is in each table at each commit.
 */
export class Replay {
	readonly #tables: ReadonlyMap<string, Table>;
	readonly commits: CommitState[] = [];

	constructor(keys: Readonly<Record<string, readonly string[]>>) {
		this.#tables = new Map(
			Object.entries(keys).map(([name, key]) => [
				name,
				{ key, rows: new Map(), sum: new RowSum(), changeCount: 0 },
			]),
		);
	}

	/** One line of the plugin, and the LSN that it has in the slot. */
	line(text: string, lsn: number): void {
		const decoded = decode(text);
		switch (decoded.kind) {
			case "begin":
			case "message":
				return;
			case "commit":
				this.commits.push({
					lsn,
					sums: this.#each(({ sum }) => sum.text),
					changeCounts: this.#each(({ changeCount }) => changeCount),
				});
				return;
			case "insert":
				this.#put(this.#counted(decoded.table), decoded.row, null);
				return;
			case "update":
				this.#put(this.#counted(decoded.table), decoded.row, decoded.old);
				return;
			case "delete": {
				const table = this.#counted(decoded.table);
				this.#remove(table, keyOf(table, decoded.old));
				return;
			}
			case "truncate":
				for (const name of decoded.tables) {
					const table = this.#counted(name);
					table.rows.clear();
					table.sum.clear();
				}
				return;
			default:
				decoded satisfies never;
		}
	}

	/** What a table holds now. */
	rows(table: string): Iterable<Row> {
		return this.#table(table).rows.values();
	}

	#put(table: Table, row: DecodedRow, old: DecodedRow | null): void {
		const key = keyOf(table, row);
		const oldKey = old === null ? key : keyOf(table, old);
		const before = { ...table.rows.get(oldKey), ...old };
		this.#remove(table, oldKey);
		const whole: Row = {};
		for (const [name, cell] of Object.entries(row))
			whole[name] = cell === undefined ? (before[name] ?? null) : cell;
		table.rows.set(key, whole);
		table.sum.add(rowText(whole));
	}

	#remove({ rows, sum }: Table, key: string): void {
		const row = rows.get(key);
		if (row === undefined) return;
		sum.remove(rowText(row));
		rows.delete(key);
	}

	#counted(name: string): Table {
		const table = this.#table(name);
		table.changeCount += 1;
		return table;
	}

	#table(name: string): Table {
		const table = this.#tables.get(name);
		if (table === undefined) throw new Error(`no table "${name}" is replayed`);
		return table;
	}

	#each<T>(of: (table: Table) => T): Record<string, T> {
		return Object.fromEntries([...this.#tables].map(([name, table]) => [name, of(table)]));
	}
}

/** What is in the tables at an LSN: after the last commit up to it. Null before the first. */
export function stateAt(commits: readonly CommitState[], lsn: number): CommitState | null {
	let [low, high] = [0, commits.length];
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (commits[middle]!.lsn <= lsn) low = middle + 1;
		else high = middle;
	}
	return commits[low - 1] ?? null;
}

function keyOf({ key }: Table, row: DecodedRow): string {
	return JSON.stringify(key.map((name) => row[name]));
}
