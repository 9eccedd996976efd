import { readFileSync } from "node:fs";
import { ApiClient } from "../api/client.ts";
import { readDaemonFile } from "../daemon.ts";
import { openHome } from "../home.ts";
import type { Settings } from "../settings.ts";

/** A client, with the owner's token, of the daemon that serves this home; null where none answers. */
export async function findDaemon(settings: Settings): Promise<ApiClient | null> {
	const home = openHome(settings.home);
	const file = readDaemonFile(home);
	if (file === null) return null;
	let token: string | null = null;
	try {
		token = readFileSync(home.tokenFile, "utf8").trim();
	} catch {
		// Another user's home: what needs no token still works.
	}
	const client = new ApiClient(file.url, token);
	try {
		await client.get("/healthz");
		return client;
	} catch {
		return null;
	}
}
