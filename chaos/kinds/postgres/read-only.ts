import type pg from "pg";
import { faultKind, type NoParams, noParams } from "../../fault.ts";
import {
	healPostgres,
	onPostgres,
	type PostgresUndo,
	planOnPostgres,
} from "../../postgres/postgres-undo.ts";
import { describeTrip } from "../../probe.ts";

declare module "../../fault.ts" {
	interface FaultKinds {
		"read-only": NoParams;
	}
}

interface ReadOnlyUndo extends PostgresUndo {
	/** The database's own setting before; null where it had none. */
	before: string | null;
}

const setting = "default_transaction_read_only";
/** Set with it and taken back last, so that healing knows whether there are sessions that began under it. */
const mark = "faultline.read_only";
/** Writes, and leaves nothing. */
const write = { statement: "begin; create temporary table faultline_probe (); rollback" };

/** The database refuses every write, as after a failover to a replica or on a full disk. All sessions have to reconnect. */
export default faultKind<NoParams, ReadOnlyUndo>({
	victim: "sessions end with 57P01, new ones may read, and each write is refused with 25006",
	acts: "postgres",
	heals: "fully",
	holds: "default_transaction_read_only of the database",
	params: noParams,
	async plan(target, on, _params, faultId) {
		const undo = await planOnPostgres(target, on, faultId);
		const before = (await onPostgres(undo.url, settings)).get(setting) ?? null;
		return { ...undo, before };
	},
	async inject(_target, { url, faultId }) {
		await onPostgres(url, async (client) => {
			await change(client, [
				[mark, faultId],
				[setting, "on"],
			]);
			await endEarlier(client);
		});
	},
	async prove(target, { on, faultId }) {
		const probe = await target.probeOf(on, faultId);
		const [writing, reading] = await Promise.all([probe.fresh(2_000, write), probe.fresh(2_000)]);
		return {
			ok: writing.error === "25006" && reading.kind === "answered",
			seen: `a write: ${describeTrip(writing)}; a read: ${describeTrip(reading)}`,
		};
	},
	async heal(_target, { url, faultId, before }) {
		await healPostgres(url, async (client) => {
			if ((await settings(client)).get(mark) !== faultId) return;
			await change(client, [[setting, before]]);
			await endEarlier(client);
			await change(client, [[mark, null]]);
		});
	},
	async gone(target, { on, faultId, url, before }) {
		const now = (await onPostgres(url, settings)).get(setting) ?? null;
		const writing = await (await target.probeOf(on, faultId)).fresh(2_000, write);
		return {
			ok: now === before && writing.kind === "answered",
			seen: `${setting} is ${now ?? "not set"}; a write: ${describeTrip(writing)}`,
		};
	},
});

/** What is set on the database itself, for all roles. */
async function settings(client: pg.Client): Promise<Map<string, string>> {
	const { rows } = await client.query<{ line: string }>(
		`select unnest(setconfig) as line from pg_db_role_setting
		 where setrole = 0 and setdatabase = (select oid from pg_database where datname = current_database())`,
	);
	return new Map(
		rows.map(({ line }) => {
			const [name, ...value] = line.split("=");
			return [name!, value.join("=")];
		}),
	);
}

/** Changes settings of the database in one transaction; null takes one away. */
async function change(
	client: pg.Client,
	changes: readonly (readonly [name: string, value: string | null])[],
): Promise<void> {
	const database = client.escapeIdentifier(client.database ?? "");
	const statements = changes.map(
		([name, value]) =>
			`alter database ${database} ${value === null ? `reset ${name}` : `set ${name} = ${client.escapeLiteral(value)}`}`,
	);
	await client.query(statements.join("; "));
}

/** Ends each session, as what was just changed counts for new ones; but no fault's own, and no probe's: those only read. */
async function endEarlier(client: pg.Client): Promise<void> {
	await client.query(
		`select pg_terminate_backend(pid) from pg_stat_activity
		 where datname = current_database() and backend_type = 'client backend'
			and pid <> pg_backend_pid() and application_name not in ('faultline', 'faultline-probe')`,
	);
}
