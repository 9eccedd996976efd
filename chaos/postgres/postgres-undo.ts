import type pg from "pg";
import { pause } from "../../base/clock.ts";
import { codeOf } from "../../base/errors.ts";
import { connectPostgres } from "../../base/postgres-client.ts";
import { readPostgresUrl } from "../../base/postgres-url.ts";
import { answersAgain } from "../answers-again.ts";
import type { FaultUndo, Proof } from "../fault.ts";
import type { Ask } from "../probe.ts";
import type { Target } from "../target.ts";

const connectLimitMs = 2_000;
const queryLimitMs = 5_000;
const endLimitMs = 2_000;
const pollMs = 10;

/** What Postgres kinds keep: where the database is, past all proxies. */
export interface PostgresUndo extends FaultUndo {
	/** Also the name of the fault's sessions: it is how they are found again. */
	faultId: string;
	url: string;
}

export async function planOnPostgres(
	target: Target,
	on: string,
	faultId: string,
): Promise<PostgresUndo> {
	return { faultId, on, url: await target.postgresOf(on) };
}

/** Limits of the database or role would end a session that a fault needs, and a read-only default would tie its hands. */
const free = [
	"default_transaction_read_only=off",
	"statement_timeout=0",
	"lock_timeout=0",
	"idle_in_transaction_session_timeout=0",
	"idle_session_timeout=0",
];

/** A session of this name that no setting of its database ends; whoever opens it says what ends it. */
export async function openSession(url: string, name: string, limitMs?: number): Promise<pg.Client> {
	const own = readPostgresUrl(url).params.get("options");
	const options = [...(own === undefined ? [] : [own]), ...free.map((setting) => `-c ${setting}`)];
	return connectPostgres(
		url,
		{ connectionTimeoutMillis: connectLimitMs },
		{
			application_name: name,
			options: options.join(" "),
			...(limitMs !== undefined && { query_timeout: limitMs }),
		},
	);
}

/** Something quick, on a session of its own. */
export async function onPostgres<T>(
	url: string,
	action: (client: pg.Client) => Promise<T>,
): Promise<T> {
	const client = await openSession(url, "faultline", queryLimitMs);
	try {
		return await action(client);
	} finally {
		await client.end();
	}
}

/** Something quick to heal, as by `onPostgres`: a database that is gone took everything of the fault's with it. */
export async function healPostgres(
	url: string,
	action: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
	try {
		await onPostgres(url, action);
	} catch (error) {
		if (codeOf(error) !== "3D000") throw error;
	}
}

/** Heals what is nothing but sessions: where nobody listens there are none. */
export async function endSessions({ url, faultId }: PostgresUndo): Promise<void> {
	try {
		await healPostgres(url, (client) => endNamed(client, faultId));
	} catch (error) {
		if (codeOf(error) !== "ECONNREFUSED") throw error;
	}
}

/** Ends the sessions of this name and waits until they are gone. */
export async function endNamed(client: pg.Client, name: string): Promise<void> {
	const giveUpAt = performance.now() + endLimitMs;
	for (;;) {
		const { rowCount } = await client.query(
			"select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1",
			[name],
		);
		if (rowCount === 0) return;
		if (performance.now() > giveUpAt)
			throw new Error(`${rowCount} sessions of ${name} do not end within ${endLimitMs} ms`);
		await pause(pollMs);
	}
}

/** Gone, for what is nothing but sessions: none is left, and a new one of the probe's does what it is asked. */
export async function goneWithSessions(
	target: Target,
	{ url, on, faultId }: PostgresUndo,
	ask: Ask = {},
): Promise<Proof> {
	const { rows } = await onPostgres(url, (client) =>
		client.query<{ left: number }>(
			"select count(*)::int as left from pg_stat_activity where application_name = $1",
			[faultId],
		),
	);
	const { left } = rows[0]!;
	if (left > 0) return { ok: false, seen: `${left} sessions of the fault are left` };
	return answersAgain(target, { on, faultId }, { what: "a new session", ask });
}
