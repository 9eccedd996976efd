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
			return readAll(client, publication);
		});
		return { at: { lsn: lsnOf(consistent_point), offset: null }, tables };
	} finally {
		await replication.end().catch(() => {});
	}
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
