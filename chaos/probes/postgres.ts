import { connectPostgres } from "../../base/postgres-client.ts";
import type { Ask, ProbeConnect } from "../probe.ts";

const connect: ProbeConnect<"postgres"> = async (at) => {
	const client = await connectPostgres(at.url, {}, { application_name: "faultline-probe" });
	return {
		roundTrip: async (ask) => {
			await client.query(statementFor(ask));
		},
		socket: client.connection.stream,
		// `end` would wait for an answer that a fault may hold back for ever.
		destroy: () => client.connection.stream.destroy(),
	};
};

function statementFor({ statement, sentBytes = 0, receivedBytes = 0 }: Ask): string {
	if (statement !== undefined) return statement;
	if (sentBytes + receivedBytes === 0) return "select 1";
	return `select length('${"x".repeat(sentBytes)}'), repeat('x', ${receivedBytes})`;
}

export default connect;
