import { lsnOf } from "../lsn.ts";
import type { Replay } from "./replay.ts";

/** As much of a client of Postgres as is needed here. */
export interface Client {
	query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

/** Makes the oracle's own slot; what is committed from here on is replayed. */
export async function makeOracleSlot(client: Client, slot: string): Promise<void> {
	await client.query("select pg_create_logical_replication_slot($1, 'test_decoding')", [slot]);
}

const linesAtOnce = 20_000;

/** Replays all that has been committed since it was asked last. */
export async function readOn(client: Client, slot: string, replay: Replay): Promise<void> {
	for (;;) {
		// It ends behind a commit, so that one call may give more. What changed no row, as when statistics are gathered, is left
		// out as in the consumer's stream: nobody would ever come to its end.
		const { rows } = await client.query(
			`select lsn::text as lsn, data from pg_logical_slot_get_changes($1, null, $2, 'include-xids', 'off', 'skip-empty-xacts', 'on')`,
			[slot, linesAtOnce],
		);
		for (const { lsn, data } of rows) replay.line(String(data), lsnOf(String(lsn)));
		if (rows.length === 0) return;
	}
}
