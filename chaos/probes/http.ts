import http from "node:http";
import type { ProbeConnect } from "../probe.ts";

/** Any answer counts: a probe asks whether the service speaks, not whether it is content. */
const connect: ProbeConnect<"http"> = async (at) => {
	const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
	const roundTrip = () =>
		new Promise<void>((resolve, reject) => {
			http
				.get(at.url, { agent, headers: { "x-faultline-probe": "1" } }, (response) => {
					response.once("end", resolve).once("error", reject).resume();
				})
				.once("error", reject);
		});
	await roundTrip();
	return { roundTrip, destroy: () => agent.destroy() };
};

export default connect;
