import type { Row, Shape } from "../../lake/columns.ts";
import type { Snapshot } from "../feed.ts";
import type { SourceTable } from "../source.ts";
import type { Told } from "./event.ts";
import { BegunAnew } from "./spoilt.ts";

/** The rows that a topic begins with: all that there were at the LSN at which the stream behind them begins. */
export class SnapshotRows {
	readonly #tables: readonly SourceTable[];
	#rows = new Map<string, { shape: Shape; rows: Row[] }>();
	#lsn: number | null = null;

	constructor(tables: readonly SourceTable[]) {
		this.#tables = tables;
	}

	/** Takes the record at this offset; all rows, once it was the last of them. */
	take(told: Told, offset: number): Snapshot | null {
		switch (told.kind) {
			case "row": {
				const { table, shape, row, lsn, place } = told;
				if (this.#lsn !== null && (place === "first" || this.#lsn !== lsn))
					throw new BegunAnew(lsn);
				this.#lsn = lsn;
				const found = this.#rows.get(table) ?? { shape, rows: [] };
				found.shape = shape;
				found.rows.push(row);
				this.#rows.set(table, found);
				return place === "last" ? this.#all(lsn, offset + 1) : null;
			}
			case "begin":
				// There was no row in any table: everything is yet to come, from here on.
				if (this.#rows.size === 0) return this.#all(told.lsn - 1, offset);
				throw new Error("a transaction comes before the last row of the snapshot");
			case "end":
			case "change":
			case "tombstone":
			case "message":
				return null;
			default:
				return told satisfies never;
		}
	}

	#all(lsn: number, offset: number): Snapshot {
		const tables = this.#tables.map(
			({ name, columns, key }) =>
				[name, this.#rows.get(name) ?? { shape: { columns, key }, rows: [] }] as const,
		);
		return { at: { lsn, offset }, tables: new Map(tables) };
	}
}
