import type pg from "pg";
import { pause } from "../../../base/clock.ts";
import { answersAgain } from "../../answers-again.ts";
import { faultKind } from "../../fault.ts";
import {
	endNamed,
	healPostgres,
	onPostgres,
	type PostgresUndo,
	planOnPostgres,
} from "../../postgres/postgres-undo.ts";
import { beginStorm } from "../../postgres/sql-storm.ts";
import { describeTrip } from "../../probe.ts";

export interface CheckpointStormParams {
	walBytes?: number;
}

declare module "../../fault.ts" {
	interface FaultKinds {
		"checkpoint-storm": CheckpointStormParams;
	}
}

interface StormUndo extends PostgresUndo {
	/** A table of the fault's own, as SQL. */
	table: string;
	rows: number;
}

/** A row's own, with what the log needs for it. */
const rowBytes = 1_000;
const proofMs = 2_000;
const pollMs = 20;

/** Checkpoint after checkpoint, while a table of the fault's own is filled and emptied in a loop: the disk is busy. */
export default faultKind<CheckpointStormParams, StormUndo>({
	victim:
		"commits wait for a disk that writes checkpoints and log all the time, and pages are logged whole",
	acts: "postgres",
	heals: "fully",
	params: {
		type: "object",
		properties: {
			walBytes: {
				type: "integer",
				minimum: 100_000,
				maximum: 100_000_000,
				default: 4_000_000,
				description: "what is written in each round, bytes",
			},
		},
		additionalProperties: false,
	},
	async plan(target, on, { walBytes = 4_000_000 }, faultId) {
		const undo = await planOnPostgres(target, on, faultId);
		return { ...undo, table: `"faultline-${faultId}"`, rows: Math.ceil(walBytes / rowBytes) };
	},
	async inject(_target, undo) {
		const { url, table, rows } = undo;
		await onPostgres(url, (client) =>
			client.query(`create table if not exists ${table} (filler text)`),
		);
		const fill = `insert into ${table} select repeat(md5(random()::text), 31) from generate_series(1, ${rows})`;
		await beginStorm(undo, ["checkpoint", `truncate ${table}; ${fill}`]);
	},
	async prove(target, { on, faultId, url }) {
		const { checkpoints, walBytes, ms } = await onPostgres(url, watch);
		const fresh = await (await target.probeOf(on, faultId)).fresh(proofMs);
		return {
			ok: checkpoints >= 2 && walBytes > 0,
			seen: `${checkpoints} checkpoints and ${walBytes} bytes of WAL in ${ms.toFixed(0)} ms; a new session: ${describeTrip(fresh)}`,
		};
	},
	async heal(_target, { url, faultId, table }) {
		await healPostgres(url, async (client) => {
			await endNamed(client, faultId); // it holds the table
			await client.query(`drop table if exists ${table}`);
		});
	},
	async gone(target, { on, faultId, url, table }) {
		const { rows } = await onPostgres(url, (client) =>
			client.query<{ left: number }>(
				`select (select count(*) from pg_stat_activity where application_name = $1)::int
					+ (to_regclass($2) is not null)::int as left`,
				[faultId, table],
			),
		);
		const { left } = rows[0]!;
		if (left > 0) return { ok: false, seen: `${left} sessions or tables of the fault are left` };
		return answersAgain(target, { on, faultId }, { what: "a new session" });
	},
});

/** Waits for two checkpoints to end. */
async function watch(
	client: pg.Client,
): Promise<{ checkpoints: number; walBytes: number; ms: number }> {
	const start = performance.now();
	const first = await state(client);
	const seen = new Set([first.checkpoint]);
	for (;;) {
		const { checkpoint, wal } = await state(client);
		seen.add(checkpoint);
		const ms = performance.now() - start;
		if (seen.size > 2 || ms > proofMs)
			return { checkpoints: seen.size - 1, walBytes: Number(wal - first.wal), ms };
		await pause(pollMs);
	}
}

/** Where the last checkpoint lies, and how far the log has come; on every version of the server. */
async function state(client: pg.Client): Promise<{ checkpoint: string; wal: bigint }> {
	const { rows } = await client.query<{ checkpoint: string; wal: string }>(
		`select checkpoint_lsn::text as checkpoint, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::text as wal
		 from pg_control_checkpoint()`,
	);
	return { checkpoint: rows[0]!.checkpoint, wal: BigInt(rows[0]!.wal) };
}
