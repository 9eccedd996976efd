import type pg from "pg";

/** A connected client of what a URL says, such as a path's. Its library is loaded by who asks for one, and nobody else. */
export async function connectPostgres(url: string): Promise<pg.Client> {
	const { connectPostgres: connect } = await import("../../base/postgres-client.ts");
	return connect(url);
}
