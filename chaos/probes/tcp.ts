import { hostPortOfUrl } from "../../base/host-port.ts";
import type { ProbeConnect } from "../probe.ts";
import { openSocket } from "../probe-socket.ts";

/**
 * Nothing is known of what is spoken there. Where somebody on the way echoes, that is the round trip; else it is that a
 * connection is taken.
 */
const connect: ProbeConnect<"tcp"> = async ({ url, echo }) => {
	const { host, port } = hostPortOfUrl(new URL(url), 0);
	const { ask, socket, destroy } = await openSocket(host, port);
	/** Said once, and answered behind whatever the service greets with. */
	let greeting = echo ?? "";
	return {
		async roundTrip({ sentBytes = 0, receivedBytes = 0 }) {
			if (echo === undefined) return;
			const bytes = Math.max(1, sentBytes, receivedBytes); // what it is given it gives back
			const said = greeting;
			greeting = "";
			await ask(Buffer.from(said + "x".repeat(bytes)), (answer) => {
				const at = answer.indexOf(said);
				return at >= 0 && answer.length - at - said.length >= bytes;
			});
		},
		socket,
		destroy,
	};
};

export default connect;
