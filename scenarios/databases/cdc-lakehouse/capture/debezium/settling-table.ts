import { type Change, unsentIn, whole } from "../../lake/changes.ts";
import { keyOf, type Row, type Shape } from "../../lake/columns.ts";
import type { TableBatch, TableSnapshot } from "../../lake/lake.ts";

/**
 * The rows of a table while changes come to them of which some were committed before they were read. Such a change may miss its
 * row, which a truncate has taken by the time of reading; then that is yet to come, and with it all is right again.
 */
export class SettlingTable {
	readonly #rows: Map<string, Row>;
	#shape: Shape;
	/** Keys of rows of which nobody knows yet what was not sent. */
	readonly #lacking = new Set<string>();
	#wasTruncated = false;

	constructor({ shape, rows }: TableSnapshot) {
		this.#shape = shape;
		this.#rows = new Map(rows.map((row) => [keyOf(row, shape.key), row]));
	}

	/** From there on nothing is of importance that was read or not read. */
	get wasTruncated(): boolean {
		return this.#wasTruncated;
	}

	apply({ shape, changes }: TableBatch): void {
		this.#shape = shape;
		for (const { change } of changes) this.#take(change);
	}

	/** All of it, once nothing is to come any more that was committed before it was read. */
	settled(name: string): TableSnapshot {
		const [first] = this.#lacking;
		if (first !== undefined)
			throw new Error(
				`${name} lacks rows, such as ${first}, and nothing took them. Drop slot, topic and connector, and begin anew`,
			);
		return { shape: this.#shape, rows: [...this.#rows.values()] };
	}

	#take(change: Change): void {
		switch (change.kind) {
			case "truncate":
				this.#wasTruncated = true;
				this.#rows.clear();
				this.#lacking.clear();
				return;
			case "delete":
				this.#remove(change.key);
				return;
			case "upsert": {
				const key = keyOf(change.row as Row, this.#shape.key);
				const before = change.oldKey ?? key;
				const old = this.#rows.get(before) ?? null;
				const isLacking =
					unsentIn(change.row).length > 0 && (old === null || this.#lacking.has(before));
				this.#remove(before);
				this.#rows.set(
					key,
					whole(change.row, () => old ?? {}),
				);
				if (isLacking) this.#lacking.add(key);
				else this.#lacking.delete(key);
				return;
			}
			default:
				change satisfies never;
		}
	}

	#remove(key: string): void {
		this.#rows.delete(key);
		this.#lacking.delete(key);
	}
}
