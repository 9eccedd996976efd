import { faultKind } from "../../fault.ts";
import { endSessions, goneWithSessions } from "../../postgres/postgres-undo.ts";
import { beginStorm } from "../../postgres/sql-storm.ts";
import { planOnTable, type TableUndo, tableParam, touch } from "../../postgres/table-undo.ts";
import { describeTrip } from "../../probe.ts";

export interface LockStormParams {
	table: string;
	sessions: number;
	holdMs: number;
}

declare module "../../fault.ts" {
	interface FaultKinds {
		"lock-storm": LockStormParams;
	}
}

interface StormUndo extends TableUndo {
	sessions: number;
	holdMs: number;
}

const rowsMax = 100;
/** A look may fall into a gap between two locks. */
const looks = 10;

/** `sessions` take the table in turn, as a whole and by its rows, and each keeps it for `holdMs`. */
export default faultKind<LockStormParams, StormUndo>({
	victim: "whatever touches the table waits in a queue, a little each time; some lose a deadlock",
	acts: "postgres",
	heals: "fully",
	params: {
		type: "object",
		properties: {
			table: tableParam,
			sessions: {
				type: "integer",
				minimum: 1,
				maximum: 50,
				description: "count of sessions that take locks in turn",
			},
			holdMs: {
				type: "integer",
				minimum: 5,
				maximum: 10_000,
				description: "how long each keeps its lock, ms",
			},
		},
		required: ["table", "sessions", "holdMs"],
		additionalProperties: false,
	},
	async plan(target, on, { table, sessions, holdMs }, faultId) {
		return { ...(await planOnTable(target, on, table, faultId)), sessions, holdMs };
	},
	async inject(_target, undo) {
		const { table, sessions, holdMs } = undo;
		// Several statements in one message are one transaction.
		const hold = `select pg_sleep(${holdMs / 1_000})`;
		const whole = `lock table ${table} in access exclusive mode; ${hold}`;
		const rows = `select from ${table} limit ${rowsMax} for update; ${hold}`;
		const statements = Array.from({ length: sessions }, (_, i) => (i % 2 === 0 ? whole : rows));
		await beginStorm(undo, statements);
	},
	async prove(target, undo) {
		const { on, faultId, sessions, holdMs } = undo;
		const probe = await target.probeOf(on, faultId);
		const limitMs = 2 * sessions * holdMs + 1_000;
		const waits: string[] = [];
		for (let look = 0; look < looks; look++) {
			const trip = await probe.fresh(limitMs, touch(undo));
			waits.push(describeTrip(trip));
			const waited = trip.kind === "silent" || (trip.kind === "answered" && trip.ms >= holdMs / 2);
			if (waited)
				return { ok: true, seen: `the table: ${waits.join(", ")}; holds of ${holdMs} ms` };
		}
		return { ok: false, seen: `the table: ${waits.join(", ")}; holds of ${holdMs} ms` };
	},
	heal: (_target, undo) => endSessions(undo),
	gone: (target, undo) => goneWithSessions(target, undo, touch(undo)),
});
