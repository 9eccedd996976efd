import type { ProbeConnect } from "../probe.ts";
import { openRedisWire } from "../redis-wire.ts";

const connect: ProbeConnect<"redis"> = async (at) => {
	const wire = await openRedisWire(at.url);
	return {
		roundTrip: async ({ statement = "PING" }) => {
			await wire.ask(statement);
		},
		destroy: wire.destroy,
	};
};

export default connect;
