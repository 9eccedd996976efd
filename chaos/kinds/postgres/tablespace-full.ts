import type pg from "pg";
import { FaultlineError } from "../../../base/errors.ts";
import { inDatabase } from "../../../base/postgres-url.ts";
import { faultKind } from "../../fault.ts";
import { ownerOfServer } from "../../postgres/own-server.ts";
import { endNamed, healPostgres, onPostgres, openSession } from "../../postgres/postgres-undo.ts";
import { mountSmall, smallFileSystemUnavailable } from "../../postgres/small-file-system.ts";
import { planOnTable, type TableUndo, tableParam } from "../../postgres/table-undo.ts";
import { describeTrip } from "../../probe.ts";
import { companionsOf, endCompanions } from "../../process/companions.ts";

declare module "../../fault.ts" {
	interface FaultKinds {
		"tablespace-full": { table: string };
	}
}

interface TablespaceUndo extends TableUndo {
	/** The index's name as SQL; the fault's id is its own part of it, and the tablespace's name. */
	index: string;
	/** Those of the table that an insert may set, as SQL. */
	columns: string;
	/** A database of the server that is there when the table's is not: tablespaces are the server's. */
	server: string;
	uid: number;
	gid: number;
	blockBytes: number;
}

/** To read a table for an index of it, and for checkpoints. */
const injectLimitMs = 20_000;
/** SQLSTATE disk_full. */
const full = "53100";

/**
 * The table has one more index, and that lies on a file system that is full: nothing can be added to the table. The
 * data stays where it is, so a table of any size can be used, and none is lost if the file system goes.
 *
 * Its content is no concern of anybody's: it is empty, and not valid, so that no query is planned with it; but it is
 * ready, so that every insert has to add to it, as to one that is built concurrently. No SQL makes such an index, hence
 * the changes of the catalog; `indisready` comes last, for running sessions take up that one, and the fault begins there.
 */
export default faultKind<{ table: string }, TablespaceUndo>({
	victim:
		"each insert, and each update that moves its row, ends with 53100 (no space left on device); reads go on",
	acts: "postgres",
	ownServer: true,
	heals: "fully",
	params: {
		type: "object",
		properties: { table: tableParam },
		required: ["table"],
		additionalProperties: false,
	},
	available: smallFileSystemUnavailable,
	async plan(target, on, { table }, faultId) {
		const undo = await planOnTable(target, on, table, faultId);
		return onPostgres(undo.url, async (client) => ({
			...undo,
			...(await ownerOfServer(client, target, on)),
			...(await shapeOf(client, undo)),
			server: inDatabase(undo.url, "postgres"),
		}));
	},
	async inject(target, { url, faultId, table, index, uid, gid, blockBytes }) {
		// One block for the empty index, and none for what is added.
		const folder = await mountSmall(target, faultId, { uid, gid }, blockBytes);
		// Named, so that healing ends it: a server finishes what a killed daemon has asked for.
		const client = await openSession(url, faultId, injectLimitMs);
		const id = client.escapeIdentifier(faultId);
		const ofIndex = `where indexrelid = ${client.escapeLiteral(index)}::regclass`;
		try {
			await client.query(`create tablespace ${id} location ${client.escapeLiteral(folder)}`);
			await client.query(
				`begin;
				create index ${id} on ${table} ((0)) tablespace ${id} where false;
				update pg_index set indpred = null, indisvalid = false, indisready = false ${ofIndex};
				commit`,
			);
			// From here on a crashed server starts again even where the file system went with the machine.
			await client.query("checkpoint");
			await client.query(`update pg_index set indisready = true ${ofIndex}`);
		} finally {
			await client.end();
		}
	},
	async prove(target, undo) {
		const { on, faultId } = undo;
		const probe = await target.probeOf(on, faultId);
		// The second is for a table that has no row to insert again.
		const statement = `begin; ${insertAgain(undo)};
			create temporary table faultline_probe tablespace "${faultId}" as select 1; rollback`;
		const [writing, reading] = await Promise.all([
			probe.fresh(2_000, { statement }),
			probe.fresh(2_000),
		]);
		return {
			ok: writing.error === full && reading.kind === "answered",
			seen: `an insert: ${describeTrip(writing)}; a read: ${describeTrip(reading)}`,
		};
	},
	async heal(_target, { url, server, faultId, index }) {
		await onPostgres(server, (client) => endNamed(client, faultId));
		let settled = false;
		await healPostgres(url, async (client) => {
			settled = await isReady(client, index);
			await client.query(`drop index if exists ${index}`);
		});
		await onPostgres(server, async (client) => {
			if (!(await hasTablespace(client, faultId))) return;
			// What was cut short had none: until then a crashed server would look for the folder and not start.
			if (!settled) await client.query("checkpoint");
			await client.query(`drop tablespace ${client.escapeIdentifier(faultId)}`);
		});
		await endCompanions(faultId);
	},
	async gone(target, undo) {
		const { on, faultId, url } = undo;
		const left = await onPostgres(url, (client) => hasTablespace(client, faultId));
		const holders = await companionsOf(faultId);
		const statement = `begin; ${insertAgain(undo)}; rollback`;
		const writing = await (await target.probeOf(on, faultId)).fresh(2_000, { statement });
		return {
			ok: !left && holders.length === 0 && writing.kind === "answered",
			seen: `the tablespace is ${left ? "there" : "gone"}, held by ${holders.length} processes; an insert: ${describeTrip(writing)}`,
		};
	},
});

/** What must be known of the table and the server; `FLT_NO_PATH` where the table holds no rows of its own. */
async function shapeOf(
	client: pg.Client,
	{ table, faultId }: TableUndo,
): Promise<Pick<TablespaceUndo, "index" | "columns" | "blockBytes">> {
	const { rows } = await client.query<{
		partitioned: boolean;
		index: string;
		columns: string | null;
		blockBytes: number;
	}>(
		`select c.relkind = 'p' as partitioned, format('%I.%I', n.nspname, $2::text) as index,
			(select string_agg(quote_ident(attname), ', ') from pg_attribute
				where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns,
			current_setting('block_size')::int as "blockBytes"
		from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = $1::regclass`,
		[table, faultId],
	);
	const { partitioned, columns, ...shape } = rows[0]!;
	if (!partitioned && columns !== null) return { ...shape, columns };
	throw new FaultlineError(
		"FLT_NO_PATH",
		`table ${table} ${partitioned ? "is partitioned and holds no rows itself" : "has no column to insert into"}`,
		partitioned ? "name one of its partitions" : "name another table",
	);
}

/** Puts a row that is there once more in its place; by which nothing is doubled, and no trigger or reference minds. */
function insertAgain({ table, columns }: TablespaceUndo): string {
	return `set local session_replication_role = replica;
		with gone as (delete from ${table}
			where ctid = (select ctid from ${table} limit 1 for update skip locked) returning ${columns})
		insert into ${table} (${columns}) overriding system value select * from gone`;
}

async function isReady(client: pg.Client, index: string): Promise<boolean> {
	const { rowCount } = await client.query(
		"select from pg_index where indexrelid = to_regclass($1) and indisready",
		[index],
	);
	return rowCount === 1;
}

async function hasTablespace(client: pg.Client, name: string): Promise<boolean> {
	const { rowCount } = await client.query("select from pg_tablespace where spcname = $1", [name]);
	return rowCount === 1;
}
