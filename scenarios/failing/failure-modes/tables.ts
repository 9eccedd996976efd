import { readFile } from "node:fs/promises";
import { manifestOf } from "./pipeline/contract.ts";
import { sourceRows } from "./source.ts";

/** A connection to the database that holds source, sink and orders. */
type Database = { query(text: string, values?: unknown[]): Promise<unknown> };

const sql = (name: string) => readFile(new URL(`./pipeline/${name}`, import.meta.url), "utf8");

/** Makes the tables, and fills the source with the first batches of a seed. */
export async function makeTables(
	database: Database,
	of: { seed: number; batches: number; rowsPerBatch: number; guard: "on" | "off" },
): Promise<void> {
	await database.query(await sql("tables.sql"));
	if (of.guard === "on") await database.query(await sql("guards.sql"));
	const batches = Array.from({ length: of.batches }, (_, batch) => ({
		batch,
		rows: sourceRows(of.seed, batch, of.rowsPerBatch),
	}));
	const manifests = batches.map(({ batch, rows }) => ({ batch, ...manifestOf(rows) }));
	await database.query(
		"insert into batches select * from unnest($1::int[], $2::int[], $3::text[])",
		[
			manifests.map(({ batch }) => batch),
			manifests.map(({ rowCount }) => rowCount),
			manifests.map(({ checksum }) => checksum),
		],
	);
	const rows = batches.flatMap(({ batch, rows }) => rows.map((row) => ({ batch, ...row })));
	await database.query(
		"insert into rows select * from unnest($1::int[], $2::int[], $3::text[], $4::int[])",
		[
			rows.map(({ batch }) => batch),
			rows.map(({ line }) => line),
			rows.map(({ customer }) => customer),
			rows.map(({ grossCents }) => grossCents),
		],
	);
}
