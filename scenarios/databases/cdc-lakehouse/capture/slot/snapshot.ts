import { postgresConfigs } from "faultline/subject";
import pg from "pg";
import type { Row } from "../../lake/columns.ts";
import type { TableSnapshot } from "../../lake/lake.ts";
import { lsnOf } from "../../lsn.ts";
import type { Snapshot } from "../feed.ts";
import { dropSlot, tablesOf, withSource } from "../source.ts";

/**
 * Makes the slot anew, and reads all rows as they were at the very LSN at which its stream begins: what is committed meanwhile is in
 * the stream, and nothing is in both. The slot says which moment that is by exporting it, for as long as the connection lives that made it.
 */
export async function takeSnapshot(
	url: string,
	slot: string,
	publication: string,
): Promise<Snapshot> {
	await withSource(url, (client) => dropSlot(client, slot));
	const replication = new pg.Client({
		...postgresConfigs(url)[0],
		replication: "database",
	} as pg.ClientConfig);
	replication.on("error", () => {});
	await replication.connect();
	try {
		const { rows } = await replication.query<{ consistent_point: string; snapshot_name: string }>(
			`CREATE_REPLICATION_SLOT "${slot}" LOGICAL pgoutput (SNAPSHOT 'export')`,
		);
		const { consistent_point, snapshot_name } = rows[0]!;
		const tables = await withSource(url, async (client) => {
			await client.query("begin isolation level repeatable read read only");
			await client.query(`set transaction snapshot '${snapshot_name}'`);
			await holdTables(client, publication);
			return readAll(client, publication);
		});
		return { at: { lsn: lsnOf(consistent_point), offset: null }, tables };
	} finally {
		await replication.end().catch(() => {});
	}
}

/** Less than the second after which Postgres looks for deadlocks: not a writer is to be ended by that, but this. */
const lockLimitMs = 500;

/**
 * Keeps tables from being truncated or rewritten until the transaction ends, which reads them as they were before it began; to write
 * rows is free. A truncate, and an ALTER TABLE that rewrites, is not MVCC-safe: a table to which that happened in between has no row
 * for this transaction, though it had them. That throws; with a new snapshot all is well.
 */
export async function holdTables(
	client: Pick<pg.Client, "query">,
	publication: string,
): Promise<void> {
	await client.query(`set local lock_timeout = ${lockLimitMs}`);
	const { rows: tables } = await client.query<{ qualified: string }>(
		"select format('%I.%I', schemaname, tablename) as qualified from pg_publication_tables where pubname = $1",
		[publication],
	);
	const names = tables.map(({ qualified }) => qualified);
	if (names.length === 0) return;
	await client.query(`lock table ${names.join(", ")} in access share mode`);
	// The row of the catalog is as old as the transaction's snapshot; the function tells of now.
	const { rows: emptied } = await client.query<{ name: string }>(
		`select oid::regclass::text as name from pg_class
		 where relfilenode <> pg_relation_filenode(oid) and (oid = any ($1::regclass[]) or oid in
		   (select relid from unnest($1::regclass[]) as root, pg_partition_tree(root)))`,
		[names],
	);
	if (emptied.length > 0)
		throw new Error(
			`truncated or rewritten behind the snapshot, which finds no row in them: ${emptied.map(({ name }) => name).join(", ")}`,
		);
}

/** All rows of all tables, each cell as Postgres writes it. */
export async function readAll(
	client: Pick<pg.Client, "query">,
	publication: string,
): Promise<Map<string, TableSnapshot>> {
	const found = new Map<string, TableSnapshot>();
	for (const { name, qualified, columns, key } of await tablesOf(
		client as pg.Client,
		publication,
	)) {
		const texts = columns.map((column) => {
			const quoted = pg.escapeIdentifier(column.name);
			return `${quoted}::text as ${quoted}`;
		});
		const { rows } = await client.query<Row>(`select ${texts.join(", ")} from ${qualified}`);
		found.set(name, { shape: { columns, key }, rows });
	}
	return found;
}
