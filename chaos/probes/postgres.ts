import pg from "pg";
import type { ProbeConnect } from "../probe.ts";

const connect: ProbeConnect<"postgres"> = async (at) => {
	const client = new pg.Client({ connectionString: at.url, application_name: "faultline-probe" });
	client.on("error", () => {}); // a pg client without a listener ends its process
	await client.connect();
	return {
		roundTrip: async () => {
			await client.query("select 1");
		},
		// `end` would wait for an answer that a fault may hold back for ever.
		destroy: () => client.connection.stream.destroy(),
	};
};

export default connect;
