import type { Client } from "../source.ts";

/**
 * By table, the files that its rows lie in, those of its partitions with them. A truncate gives it others, and so does an ALTER TABLE
 * that rewrites it, of which no event tells.
 */
export type TableFiles = Readonly<Record<string, readonly number[]>>;

export async function filesOf(client: Client, publication: string): Promise<TableFiles> {
	// The rows of the catalog, and not `pg_relation_filenode`: that may be a moment behind a commit which others see.
	const { rows } = await client.query<{ name: string; files: number[] }>(
		`with recursive part as (
		   select tablename as name, format('%I.%I', schemaname, tablename)::regclass::oid as oid
		   from pg_publication_tables where pubname = $1
		   union select name, inhrelid from part join pg_inherits on inhparent = part.oid)
		 select name, coalesce(json_agg(relfilenode::bigint order by relfilenode)
		   filter (where relfilenode <> 0), '[]') as files
		 from part join pg_class on pg_class.oid = part.oid group by name`,
		[publication],
	);
	return Object.fromEntries(rows.map(({ name, files }) => [name, files]));
}

/**
 * Whether somebody who has found so many rows of a table, between two looks at its files, may have missed others. A file is read as a
 * whole, and who reads one that was made behind his snapshot finds no row in it: where there is one file, and rows were found, all were.
 */
export function mayLackRows(
	before: readonly number[],
	now: readonly number[],
	rowCount: number,
): boolean {
	if (before.join() === now.join()) return false;
	return rowCount === 0 || before.length > 1 || now.length > 1;
}
