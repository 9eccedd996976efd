import { connectPostgres } from "faultline/subject";
import { type Column, columnTypeOf } from "../lake/columns.ts";
import { lsnOf } from "../lsn.ts";

export type Client = Awaited<ReturnType<typeof connectPostgres>>;

/** Where the source is, and what it is read by. */
export interface SourceOptions {
	url: string;
	slot: string;
	publication: string;
}

/** A table that is captured, as its catalog has it now. */
export interface SourceTable {
	/** As a statement names it. */
	qualified: string;
	name: string;
	columns: Column[];
	/** The primary key, whatever the replica identity is: with `full` the stream calls every column part of the key. */
	key: string[];
}

/** What the source knows of a slot. */
export interface Slot {
	/** Up to here nothing is sent any more, whatever is asked for. */
	confirmedLsn: number;
	/** Its log has been removed: it can't be read. */
	lost: boolean;
}

export async function withSource<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
	const client = await connectPostgres(url);
	try {
		return await work(client);
	} finally {
		await client.end().catch(() => {});
	}
}

/** The tables of a publication, by name. One without a primary key is refused: its rows could not be told apart. */
export async function tablesOf(client: Client, publication: string): Promise<SourceTable[]> {
	const { rows } = await client.query<{
		qualified: string;
		name: string;
		columns: { name: string; type: string }[];
		key: string[] | null;
	}>(
		`select format('%I.%I', schemaname, tablename) as qualified, tablename as name,
		   (select json_agg(json_build_object('name', attname, 'type', atttypid::text) order by attnum)
		    from pg_attribute where attrelid = of.oid and attnum > 0 and not attisdropped) as columns,
		   (select json_agg(attname order by array_position(indkey::int2[], attnum))
		    from pg_index join pg_attribute on attrelid = indrelid and attnum = any (indkey)
		    where indrelid = of.oid and indisprimary) as key
		 from pg_publication_tables,
		   lateral (select format('%I.%I', schemaname, tablename)::regclass::oid as oid) as of
		 where pubname = $1 order by tablename`,
		[publication],
	);
	return rows.map(({ qualified, name, columns, key }) => {
		if (key === null) throw new Error(`${qualified} has no primary key`);
		return {
			qualified,
			name,
			key,
			columns: columns.map((column) => ({
				name: column.name,
				type: columnTypeOf(Number(column.type)),
			})),
		};
	});
}

export async function slotOf(client: Client, slot: string): Promise<Slot | null> {
	const { rows } = await client.query<{ confirmed: string; lost: boolean }>(
		`select confirmed_flush_lsn::text as confirmed, wal_status = 'lost' as lost
		 from pg_replication_slots where slot_name = $1`,
		[slot],
	);
	const [found] = rows;
	return found === undefined ? null : { confirmedLsn: lsnOf(found.confirmed), lost: found.lost };
}

/**
 * Writes a mark to the log, behind all that has been committed by now, and says where. To those who are sent messages it comes as a
 * transaction without a change, also where nobody else writes anything.
 */
export async function markLog(client: Client): Promise<number> {
	const { rows } = await client.query<{ lsn: string }>(
		"select pg_logical_emit_message(true, 'cdc', 'all rows have been read')::text as lsn",
	);
	return lsnOf(rows[0]!.lsn);
}

/** Drops the slot, and ends whoever still reads from it. */
export async function dropSlot(client: Client, slot: string): Promise<void> {
	await client.query(
		"select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = $1",
		[slot],
	);
	await client.query(
		"select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1",
		[slot],
	);
}
