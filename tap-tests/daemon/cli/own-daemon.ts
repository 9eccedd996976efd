import type { Test } from "tap";
import { identifySelf } from "../../../base/process.ts";
import { type Home, writeDurably } from "../../../daemon/home/home.ts";
import { lockHome } from "../../../daemon/home/lock.ts";
import { renewOwnerToken } from "../../../daemon/home/owner-token.ts";

/** Makes this very process the daemon of the home, which listens at this URL; its owner's token. */
export async function beDaemon(t: Test, home: Home, url: string): Promise<string> {
	const { release } = await lockHome(home, "a test");
	t.teardown(release);
	const token = renewOwnerToken(home);
	const { pid, startTime } = identifySelf();
	writeDurably(home.daemonFile, JSON.stringify({ pid, startTime, url, version: "" }));
	return token;
}
