import { parquetReadObjects } from "hyparquet";
import type { Version } from "./log-replay.ts";
import type { Place } from "./place.ts";

/** A row as text by its columns' names; what is null is left out, so that a column that came later changes no row. */
export type TextRow = Record<string, string>;

/** All rows of a version, file after file. One that is listed and not there throws, as do more or fewer rows than said. */
export async function* readRows(
	place: Place,
	table: string,
	{ files, columns }: Version,
): AsyncGenerator<TextRow> {
	const names = columns.map(({ name }) => name);
	for (const [path, count] of files) {
		const file = Uint8Array.from(await place.read(`${table}/${path}`)).buffer;
		const rows = await parquetReadObjects({ file });
		if (rows.length !== count)
			throw new Error(`${path} has ${rows.length} rows, and its table says ${count}`);
		for (const row of rows) {
			const texts: TextRow = {};
			for (const name of names) if (row[name] != null) texts[name] = String(row[name]);
			yield texts;
		}
	}
}
