import type { RunNames } from "../base/run-names.ts";
import type { Clients } from "./clients.ts";
import type { Issue, Operation } from "./operation.ts";
import type { ClientSpecs, ClientsOf, LoadSpec } from "./work.ts";

/** One way to start operations out of the three a load may name: issued, repeated, or awaited. */
export async function issueOf(
	work: LoadSpec["work"],
	clients: Clients,
	names: RunNames,
	seed: number,
): Promise<Issue> {
	const byName = clients.byName as ClientsOf<ClientSpecs>;
	if (typeof work === "function") return awaited((operation) => work(byName, operation, names));
	if ("issue" in work) return work.issue(byName, names);
	const { driver, client } = clients.only();
	return driver.repeat(client, work.repeat, seed);
}

/** Issues by calling an async function: what it resolves or rejects with ends the operation. */
export function awaited(work: (operation: Operation) => Promise<string | undefined>): Issue {
	return (operation) => {
		Promise.resolve(work(operation)).then(operation.succeed, operation.fail);
	};
}
