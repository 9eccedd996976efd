import type pg from "pg";
import { connectPostgres } from "../../base/postgres-client.ts";
import type { HookContext } from "../contract/scenario.ts";

/** A client of the run's own database, past every proxy, for as long as `action` takes. */
export async function withPostgres<T>(
	direct: HookContext<unknown>["direct"],
	action: (client: pg.Client) => Promise<T>,
): Promise<T> {
	if (direct.postgres?.kind !== "postgres")
		throw new Error('this hook asks for Postgres, which is not in the scenario\'s "needs"');
	const client = await connectPostgres(direct.postgres.url);
	try {
		return await action(client);
	} finally {
		await client.end();
	}
}
