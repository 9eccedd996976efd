import { checkMetadata, isWhole, metadataRequest } from "../kafka-wire.ts";
import type { ProbeConnect } from "../probe.ts";
import { openSocket } from "../probe-socket.ts";

/** ApiVersions v0, the one request that every broker answers to anybody: size, key 18, version 0, correlation, client. */
const apiVersions = Buffer.from("\0\0\0\x14\0\x12\0\0\0\0\0\x01\0\x0afaultline!", "latin1");

const connect: ProbeConnect<"kafka"> = async (at) => {
	const [host = "127.0.0.1", port = "9092"] = (at.brokers[0] ?? "").split(":");
	const socket = await openSocket(host, Number(port));
	return {
		roundTrip: async ({ statement: topic }) => {
			if (topic === undefined) await socket.ask(apiVersions, isWhole);
			else checkMetadata(await socket.ask(metadataRequest(topic), isWhole));
		},
		destroy: socket.destroy,
	};
};

export default connect;
