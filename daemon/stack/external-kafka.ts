import type { Endpoint } from "../../base/endpoint.ts";
import { FaultlineError, messageOf } from "../../base/errors.ts";
import type { HostPort } from "../../base/host-port.ts";
import { hostPortOf } from "../../base/host-port.ts";
import { brokersIn, brokersRequestBody, brokersRequestKind } from "../../base/kafka-metadata.ts";
import type { Say } from "../tools/component.ts";
import { askOn, openRelay, openUpstream, type Relay } from "./kafka-relay.ts";
import type { Front } from "./service.ts";

type KafkaEndpoint = Extract<Endpoint, { kind: "kafka" }>;

/** host:port of each broker of a cluster, as it tells them to whoever comes by this endpoint. */
export async function externalBrokers({
	brokers,
	security = undefined,
}: KafkaEndpoint): Promise<string[]> {
	const refusals: string[] = [];
	for (const broker of brokers) {
		try {
			const socket = await openUpstream(broker, security ?? null);
			try {
				const known = brokersIn(
					await askOn(socket, broker, brokersRequestKind, brokersRequestBody),
				);
				if (known.length > 0) return known;
				refusals.push(`${broker} answers, but its cluster has no broker yet`);
			} finally {
				socket.destroy();
			}
		} catch (error) {
			refusals.push(messageOf(error));
		}
	}
	throw new Error(refusals.join("; "));
}

/**
 * Opens what the proxies of an external cluster lead to: a relay for each of its brokers, which tells clients to find
 * the brokers at their proxies. Where the cluster wants SASL or TLS the relays see to it, and others like them are what
 * is connected to directly: whoever comes is nobody, in plain text, on loopback.
 */
export async function openFront(
	endpoint: KafkaEndpoint,
	proxies: readonly HostPort[],
	log: Say,
): Promise<Front> {
	const brokers = await externalBrokers(endpoint);
	if (brokers.length > proxies.length)
		throw new FaultlineError(
			"FLT_COMPONENT_MISSING",
			`its cluster has ${brokers.length} brokers, and proxies are there for ${proxies.length}`,
			`name a cluster of at most ${proxies.length} brokers`,
		);
	const security = endpoint.security ?? null;
	const opened: Relay[] = [];
	const openFor = async (places: Map<string, HostPort>) => {
		const placeOf = (broker: string) => places.get(broker) ?? null;
		const relays = await Promise.all(
			brokers.map((broker) => openRelay({ broker, security, placeOf, log })),
		);
		opened.push(...relays);
		return relays.map(({ address }) => address);
	};
	const close = () => {
		for (const relay of opened) relay.close();
	};
	try {
		const upstreams = await openFor(new Map(brokers.map((broker, i) => [broker, proxies[i]!])));
		if (security === null) return { direct: endpoint, upstreams, close };
		if (security.sasl !== null)
			log(
				`relays on loopback speak to Kafka as "${security.sasl.username}" for whoever connects to them on this machine`,
			);
		const places = new Map<string, HostPort>();
		const direct = await openFor(places);
		for (const [i, broker] of brokers.entries()) places.set(broker, hostPortOf(direct[i]!));
		return { direct: { kind: "kafka", brokers: direct }, upstreams, close };
	} catch (error) {
		close();
		throw error;
	}
}
