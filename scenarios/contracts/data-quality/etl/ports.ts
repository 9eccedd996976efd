import { connectPostgres, numberVariable, variable } from "faultline/subject";
import type { Ports, Query } from "./take-batch.ts";
import { validatorAt } from "./verdict.ts";

// What a loader is given by its environment: SOURCE_URL, TARGET_URL, VALIDATOR_URL, and how long it waits for them.

const patienceMs = () => numberVariable("PATIENCE_MS", 10_000);

/** With connections of its own for each batch: what a fault has broken is gone with it. */
export function withPorts<T>(action: (ports: Ports) => Promise<T>): Promise<T> {
	const validate = validatorAt(variable("VALIDATOR_URL"), patienceMs());
	return withConnection("SOURCE_URL", (source) =>
		withConnection("TARGET_URL", (target) => action({ source, target, validate })),
	);
}

async function withConnection<T>(name: string, action: (query: Query) => Promise<T>): Promise<T> {
	const client = await connectPostgres(variable(name), {
		application_name: "etl-loader",
		connectionTimeoutMillis: patienceMs(),
		query_timeout: patienceMs(),
		lock_timeout: patienceMs() / 2,
		// What a loader that is cut off or killed leaves open is taken back by the server.
		idle_in_transaction_session_timeout: 2 * patienceMs(),
		options: `-c idle_session_timeout=${4 * patienceMs()}`,
	});
	try {
		return await action((text, values) => client.query(text, values));
	} finally {
		// Nobody waits for an end that may be swallowed.
		client.end().catch(() => {});
	}
}
