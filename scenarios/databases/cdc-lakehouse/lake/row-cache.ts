import type { Row } from "./columns.ts";
import { rowsIn } from "./data-file.ts";
import type { TableFiles } from "./store.ts";

/** The rows of data files, by key, so that a bucket that is changed again is not read again. A file never changes. */
export class RowCache {
	readonly #rowsMax: number;
	readonly #table: TableFiles;
	readonly #files = new Map<string, ReadonlyMap<string, Row>>();
	#rowCount = 0;

	constructor(table: TableFiles, rowsMax: number) {
		this.#table = table;
		this.#rowsMax = rowsMax;
	}

	async rows(path: string, keyOf: (row: Row) => string): Promise<ReadonlyMap<string, Row>> {
		const cached = this.#files.get(path);
		if (cached !== undefined) {
			// What was used last is let go last.
			this.#files.delete(path);
			this.#files.set(path, cached);
			return cached;
		}
		const rows = new Map(
			(await rowsIn(await this.#table.read(path))).map((row) => [keyOf(row), row]),
		);
		this.put(path, rows);
		return rows;
	}

	put(path: string, rows: ReadonlyMap<string, Row>): void {
		this.#files.set(path, rows);
		this.#rowCount += rows.size;
		for (const [oldest, { size }] of this.#files) {
			if (this.#rowCount <= this.#rowsMax || oldest === path) break;
			this.#files.delete(oldest);
			this.#rowCount -= size;
		}
	}

	drop(path: string): void {
		this.#rowCount -= this.#files.get(path)?.size ?? 0;
		this.#files.delete(path);
	}
}
