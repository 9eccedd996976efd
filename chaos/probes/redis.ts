import type { ProbeConnect } from "../probe.ts";
import { openSocket } from "../probe-socket.ts";

const connect: ProbeConnect<"redis"> = async (at) => {
	const { hostname, port } = new URL(at.url);
	const socket = await openSocket(hostname, Number(port || 6379));
	return {
		roundTrip: async () => {
			await socket.ask(Buffer.from("PING\r\n"), (answer) => answer.includes("\r\n"));
		},
		destroy: socket.destroy,
	};
};

export default connect;
