import pg from "pg";
import type { HookContext } from "./scenario.ts";

/** A client of the run's own database, past every proxy, for as long as `action` takes. */
export async function withPostgres<T>(
	direct: HookContext<unknown>["direct"],
	action: (client: pg.Client) => Promise<T>,
): Promise<T> {
	if (direct.postgres?.kind !== "postgres")
		throw new Error('this hook asks for Postgres, which is not in the scenario\'s "needs"');
	const client = new pg.Client({ connectionString: direct.postgres.url });
	// Without a listener a connection that breaks ends the process; the query that meets it rejects all the same.
	client.on("error", () => {});
	await client.connect();
	try {
		return await action(client);
	} finally {
		await client.end();
	}
}
