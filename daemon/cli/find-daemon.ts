import { FaultlineError } from "../../base/errors.ts";
import { ApiClient } from "../client/client.ts";
import { type DaemonFile, readDaemonFile } from "../daemon.ts";
import { type Home, isHome, openHome } from "../home/home.ts";
import { lockHolder } from "../home/lock.ts";
import { ownerToken } from "../home/owner-token.ts";
import type { Settings } from "../settings.ts";

/** A client, with the owner's token, of the daemon that serves this home; null where none answers. */
export async function findDaemon(
	settings: Pick<Settings, "home">,
	given?: Home,
): Promise<ApiClient | null> {
	// Where there is no home nobody serves it; none is made for the question.
	if (given === undefined && !isHome(settings.home)) return null;
	const home = given ?? openHome(settings.home);
	const file = livingDaemon(home);
	if (file === null) return null;
	const client = new ApiClient(file.url, ownerToken(home));
	try {
		await client.get("/healthz");
		return client;
	} catch (error) {
		// It is there and does not want us: to go on as if there were none would only say that the home is taken.
		if (error instanceof FaultlineError && error.status < 500) throw error;
		return null;
	}
}

/**
 * What the daemon file of this home says, while the very process that wrote it lives and holds the home. A daemon that
 * was killed leaves its file behind, and on its port somebody else may listen, who must not be given the token.
 */
export function livingDaemon(home: Home): DaemonFile | null {
	const file = readDaemonFile(home);
	const holder = lockHolder(home);
	if (file === null || holder === null) return null;
	return file.pid === holder.pid && file.startTime === holder.startTime ? file : null;
}
