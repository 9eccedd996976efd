import pg from "pg";
import { connectAs, postgresConfigs } from "./postgres-config.ts";

type Options = Omit<pg.ClientConfig, "stream" | "ssl">;

/** A connected client of what a URL says; `always` holds whatever the URL says, `unlessGiven` where it says nothing. */
export function connectPostgres(
	url: string,
	unlessGiven: Options = {},
	always: Options = {},
): Promise<pg.Client> {
	return connectAs(postgresConfigs(url, unlessGiven), async (config) => {
		const client = new pg.Client({ ...config, ...always });
		// Without a listener a connection that breaks ends the process; the query that meets it rejects all the same.
		client.on("error", () => {});
		await client.connect();
		return client;
	});
}
