import { hostPortOf } from "../../base/host-port.ts";
import { readTopic, topicRequest } from "../../base/kafka-metadata.ts";
import { isWhole } from "../../base/kafka-protocol.ts";
import type { ProbeConnect } from "../probe.ts";
import { repeatUntilCarried } from "../probe-repeat.ts";
import { openSocket } from "../probe-socket.ts";

/** ApiVersions v0, the one request that every broker answers to anybody: size, key 18, version 0, correlation, client. */
const apiVersions = Buffer.from("\0\0\0\x14\0\x12\0\0\0\0\0\x01\0\x0afaultline!", "latin1");

const connect: ProbeConnect<"kafka"> = async (at) => {
	const { host, port } = hostPortOf(at.brokers[0] ?? "", 9092);
	const { ask, socket, destroy } = await openSocket(host, port);
	const askVersions = () => ask(apiVersions, isWhole);
	return {
		roundTrip: async (wanted) => {
			const topic = wanted.statement;
			if (topic === undefined) await repeatUntilCarried(wanted, () => socket, askVersions);
			else if (readTopic(await ask(topicRequest(topic), isWhole)) === null)
				throw new Error("UNKNOWN_TOPIC_OR_PARTITION");
		},
		socket,
		destroy,
	};
};

export default connect;
