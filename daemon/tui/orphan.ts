import type { Dashboard } from "./dashboard.ts";

const goneAfterMs = 3_000;

/**
 * Has the terminal to be given back, because the daemon whose dashboard this is has ended or is about to? A guest
 * waits for a daemon that is away; the owner's is its parent, and does not come back.
 */
export function orphaned({ role, daemon, nowMs }: Dashboard, parentEnded: boolean): boolean {
	if (parentEnded) return true;
	if (role === "guest" || daemon.state !== "away") return false;
	// A daemon that is only slow still takes connections; one that refuses them has stopped listening for good.
	return daemon.refused && nowMs - daemon.sinceMs > goneAfterMs;
}
