import type pg from "pg";

/**
 * A connected client of what a URL says, such as a path's; `unlessGiven` holds where it says nothing. Its library is
 * loaded by who asks for one, and nobody else.
 */
export async function connectPostgres(
	url: string,
	unlessGiven: Omit<pg.ClientConfig, "stream" | "ssl"> = {},
): Promise<pg.Client> {
	const { connectPostgres: connect } = await import("../../base/postgres-client.ts");
	return connect(url, unlessGiven);
}
