import { pause } from "../../../base/clock.ts";
import { faultKind } from "../../fault.ts";
import { endSessions, goneWithSessions, openSession } from "../../postgres/postgres-undo.ts";
import { planOnTable, type TableUndo, tableParam, touch } from "../../postgres/table-undo.ts";
import { describeTrip } from "../../probe.ts";

declare module "../../fault.ts" {
	interface FaultKinds {
		"long-lock": { table: string };
	}
}

const silenceMs = 200;
/** Everybody else waits behind a lock that is waited for, too: from here on it is in force either way. */
const queueMs = 500;

/** A forgotten transaction holds the table with an ACCESS EXCLUSIVE lock: whoever reads or writes it waits. */
export default faultKind<{ table: string }, TableUndo>({
	victim: "whatever touches the table waits until its own time limit; everything else works",
	acts: "postgres",
	heals: "fully",
	params: {
		type: "object",
		properties: { table: tableParam },
		required: ["table"],
		additionalProperties: false,
	},
	plan: (target, on, { table }, faultId) => planOnTable(target, on, table, faultId),
	async inject(_target, { url, faultId, table }) {
		const session = await openSession(url, faultId);
		await session.query("begin");
		const locked = session.query(`lock table ${table} in access exclusive mode`);
		locked.catch(() => {}); // it may be healed while it waits
		await Promise.race([locked, pause(queueMs)]);
	},
	async prove(target, undo) {
		const { on, faultId } = undo;
		const probe = await target.probeOf(on, faultId);
		const [table, rest] = await Promise.all([
			probe.fresh(silenceMs, touch(undo)),
			probe.old(silenceMs),
		]);
		return {
			ok: table.kind === "silent" && rest.kind !== "silent",
			seen: `the table: ${describeTrip(table)}; anything else: ${describeTrip(rest)}`,
		};
	},
	heal: (_target, undo) => endSessions(undo),
	gone: (target, undo) => goneWithSessions(target, undo, touch(undo)),
});
