import { answersAgain } from "../../answers-again.ts";
import { faultKind, type NoParams, noParams } from "../../fault.ts";
import { onPostgres, type PostgresUndo, planOnPostgres } from "../../postgres/postgres-undo.ts";
import { describeTrip } from "../../probe.ts";

declare module "../../fault.ts" {
	interface FaultKinds {
		"terminate-backends": NoParams;
	}
}

/** Every Postgres session on the database behind the path ends with 57P01; new sessions are welcome at once. */
export default faultKind<NoParams, PostgresUndo>({
	victim: "sessions end with 57P01 in the middle of whatever they do; reconnecting works at once",
	acts: "postgres",
	heals: "fully",
	params: noParams,
	plan: (target, on, _params, faultId) => planOnPostgres(target, on, faultId),
	async inject(_target, undo) {
		await onPostgres(undo.url, (client) =>
			client.query(
				`select pg_terminate_backend(pid) from pg_stat_activity
				 where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
			),
		);
	},
	async prove(target, { on, faultId }) {
		const probe = await target.probeOf(on, faultId);
		const [old, fresh] = [await probe.old(1_000), await probe.fresh(2_000)];
		return {
			ok: old.kind === "broken" && fresh.kind === "answered",
			seen: `an old session: ${describeTrip(old)}; a new one: ${describeTrip(fresh)}`,
		};
	},
	// Nothing is left behind: the sessions are gone, the server takes new ones.
	async heal() {},
	gone: (target, undo) => answersAgain(target, undo, { what: "a new session" }),
});
