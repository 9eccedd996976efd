import { connectPostgres, pause } from "faultline/subject";
import type { Database } from "./scratch.ts";

type Ask = (text: string) => Promise<Record<string, unknown>[]>;

/** The role that the gate tries changes with, in a run's database: it owns nothing, and may make schemas. */
export function gateRole(database: string): { name: string; password: string } {
	// It guards nothing: the database is the run's own, listens on loopback, and is gone with the run.
	return { name: `${database}_gate`, password: "scratch" };
}

/** The URL of a database as that role. */
export function scratchUrl(url: string, database: string): string {
	const { name, password } = gateRole(database);
	const as = new URL(url);
	as.username = name;
	as.password = password;
	return as.href;
}

/** How a gate reaches such a database: nothing of it takes longer than this. */
export function scratchConnect(url: string, patienceMs: number): () => Promise<Database> {
	return () =>
		connectPostgres(url, {
			application_name: "contract-gate",
			connectionTimeoutMillis: patienceMs,
			query_timeout: patienceMs,
			// What a gate that is cut off or killed leaves open is taken back by the server.
			idle_in_transaction_session_timeout: 2 * patienceMs,
		});
}

/** Makes that role; in each of these databases it may make schemas, and owns nothing. */
export async function makeScratchRole(
	run: (text: string) => Promise<unknown>,
	database: string,
	databases: readonly string[] = [database],
): Promise<void> {
	const { name, password } = gateRole(database);
	await run(`create role "${name}" login password '${password}'`);
	for (const one of databases) await run(`grant connect, create on database "${one}" to "${name}"`);
}

const leftLimitMs = 10_000;

/** What checks have left: schemas, relations, transactions. A session that is about to end is waited for. */
export async function leftInScratch(ask: Ask, database: string): Promise<string[]> {
	const { name } = gateRole(database);
	const untilMs = performance.now() + leftLimitMs;
	for (;;) {
		const rows = await ask(`
			select 'schema ' || nspname as what from pg_namespace where nspowner = '${name}'::regrole
			union all select relkind::text || ' ' || relname from pg_class where relowner = '${name}'::regrole and relkind in ('r', 'v', 'm', 'S', 'f')
			union all select 'function ' || proname from pg_proc where proowner = '${name}'::regrole
			union all select 'transaction ' || gid from pg_prepared_xacts where database = current_database()
			union all select 'session ' || state from pg_stat_activity where usename = '${name}' and xact_start is not null`);
		const left = rows.map(({ what }) => String(what));
		const passes = left.length > 0 && left.every((what) => what.startsWith("session"));
		if (!passes || performance.now() > untilMs) return left;
		await pause(50);
	}
}
