import http from "node:http";
import type { Socket } from "node:net";
import type { ProbeConnect } from "../probe.ts";
import { repeatUntilCarried } from "../probe-repeat.ts";

/** Few servers take more than 8 KB of headers. */
const headerBytesMax = 4_000;

/** Any answer counts: a probe asks whether the service speaks, not whether it is content. */
const connect: ProbeConnect<"http"> = async (at) => {
	const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
	let socket: Socket | null = null;
	/** The server has said that the connection stays: another one in its place means that it has broken. */
	let stays = false;
	const get = (sentBytes: number) =>
		new Promise<void>((resolve, reject) => {
			const mark = "1".repeat(Math.max(1, Math.min(sentBytes, headerBytesMax)));
			const request = http.get(at.url, { agent, headers: { "x-faultline-probe": mark } });
			request.once("error", reject).once("socket", (taken) => {
				if (stays && taken !== socket) request.destroy(new Error("connection closed"));
				socket = taken;
			});
			request.once("response", (response) => {
				stays = response.httpVersion === "1.1" && response.headers.connection !== "close";
				response.once("end", resolve).once("error", reject).resume();
			});
		});
	await get(0);
	return {
		// What a service answers is its own affair, so a big answer is many small ones.
		roundTrip: (ask) =>
			repeatUntilCarried(
				ask,
				() => socket!,
				() => get(ask.sentBytes ?? 0),
			),
		get socket() {
			return socket!;
		},
		destroy: () => agent.destroy(),
	};
};

export default connect;
