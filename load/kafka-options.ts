import { connect as connectTcp, isIP } from "node:net";
import { connect as connectTls } from "node:tls";
import kafkajs from "kafkajs";
import { hostPortOf } from "../base/host-port.ts";
import type { KafkaSecurity } from "../base/kafka-address.ts";

/** It would take the colons of an IPv6 address for the one before the port: brokers go by other names. */
function throughNames(brokers: readonly string[]) {
	const named = new Map(
		brokers.map((broker, i) => [`broker-${i + 1}.invalid`, hostPortOf(broker)]),
	);
	const socketFactory: kafkajs.ISocketFactory = ({ host, port, ssl, onConnect }) => {
		const to = named.get(host) ?? { host, port };
		// The protocol of TLS has names of hosts alone in it, no addresses (RFC 6066).
		const servername = isIP(to.host) === 0 ? to.host : "";
		return ssl === undefined || ssl === null
			? connectTcp(to, onConnect)
			: connectTls({ ...to, servername, ...ssl }, onConnect);
	};
	return { brokers: [...named.keys()].map((name) => `${name}:1`), socketFactory };
}

function securedBy(security: KafkaSecurity | null) {
	if (security === null) return {};
	const { sasl, tls } = security;
	const files = Object.entries(tls ?? {}).filter(([, content]) => content !== null);
	return {
		...(sasl === null ? {} : { sasl: sasl as kafkajs.SASLOptions }),
		...(tls === null ? {} : { ssl: Object.fromEntries(files) }),
	};
}

/** How kafkajs is told of a cluster. */
export function kafkaOptions({
	brokers,
	security = null,
}: {
	brokers: readonly string[];
	security?: KafkaSecurity | null;
}): kafkajs.KafkaConfig {
	return {
		...throughNames(brokers),
		...securedBy(security),
		clientId: "faultline",
		logLevel: kafkajs.logLevel.NOTHING,
	};
}
