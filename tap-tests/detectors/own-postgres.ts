import type { Test } from "tap";
import { temporaryHome } from "../live/daemon.ts";
import { opened, up } from "../live/stack/stack-helper.ts";

/** A Postgres of the test's own; closed with it. */
export async function ownPostgres(t: Test): Promise<string> {
	const { stack } = await opened(t, temporaryHome(t), { only: ["postgres"] });
	const { endpoint } = up(stack, "postgres");
	if (endpoint.kind !== "postgres") throw new Error("Postgres has an endpoint of its own kind");
	return endpoint.url;
}
