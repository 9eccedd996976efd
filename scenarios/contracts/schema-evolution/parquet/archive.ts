import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RecordSchema } from "../avro.ts";
import type { Plain } from "../oracle/projected.ts";
import type { Written } from "../readings.ts";
import type { Entry } from "../registered.ts";
import type { Row } from "./cells.ts";
import type { Column } from "./columns.ts";
import { fileOf, type Opened, openFile } from "./file.ts";
import { rowReaderOf } from "./resolution.ts";

// The archive of a topic: a folder of Parquet files, each with a batch of what one version of a schema has written.

/** How values become a file, and a file values again: what the archive stands on. */
export interface Files {
	write(entry: Entry, values: readonly Plain[]): Buffer;
	open(bytes: Buffer): Promise<Opened>;
	readerOf(reader: RecordSchema, columns: readonly Column[]): (row: Row) => Plain;
}

export const parquet: Files = { write: fileOf, open: openFile, readerOf: rowReaderOf };

/** Most rows of a file, few enough that a version that is written by for long has more than one. */
const batchRows = 100;

/**
 * Writes what was written into a folder of files, batch by batch in the order of `all`. What is of no registered schema,
 * can't be read by its own, or has no columns is left out: those who read it from where it is tell of it.
 */
export function writeArchive(
	folder: string,
	all: Iterable<Written>,
	entries: readonly Entry[],
	files: Files = parquet,
): void {
	mkdirSync(folder, { recursive: true });
	const batches = new Map(entries.map((entry) => [entry.id, { entry, values: [] as Plain[] }]));
	let count = 0;
	const flush = ({ entry, values }: { entry: Entry; values: Plain[] }) => {
		const name = `${entry.subject}-${entry.version}-${++count}.parquet`;
		const bytes = unlessThrown(() => files.write(entry, values.splice(0)));
		if (bytes !== null) writeFileSync(join(folder, name), bytes);
	};
	for (const one of all) {
		const batch = batches.get(one.schemaId);
		const value = batch === undefined ? null : unlessThrown(() => one.read(batch.entry));
		if (batch === undefined || value === null) continue;
		batch.values.push(value);
		if (batch.values.length === batchRows) flush(batch);
	}
	for (const batch of batches.values()) if (batch.values.length > 0) flush(batch);
}

function unlessThrown<T>(action: () => T): T | null {
	try {
		return action();
	} catch {
		return null;
	}
}

/** The rows of an archive's files; a file that can't be opened is one that nobody has registered. */
export async function* rowsOf(
	folder: string,
	files: Files = parquet,
): AsyncGenerator<Written, void, undefined> {
	for (const file of readdirSync(folder).sort()) {
		let opened: Opened;
		try {
			opened = await files.open(readFileSync(join(folder, file)));
		} catch (error) {
			yield unopened(`${file} (${String(error)})`);
			continue;
		}
		const { schemaId, columns, rows } = opened;
		const readers = new Map<Entry, (row: Row) => Plain>();
		for (const [place, row] of rows.entries())
			yield {
				name: `row ${place + 1} of ${file}`,
				schemaId,
				read(by) {
					const read = readers.get(by) ?? files.readerOf(by.schema, columns);
					readers.set(by, read);
					return read(row);
				},
			};
	}
}

function unopened(name: string): Written {
	return {
		name,
		schemaId: 0,
		read() {
			throw new Error(name);
		},
	};
}
