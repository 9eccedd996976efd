import type { Endpoint } from "../../base/endpoint.ts";
import { hostPortOfUrl, hostPortText } from "../../base/host-port.ts";

/** The URL of an endpoint; for Kafka the brokers, joined. */
export function urlOf(endpoint: Endpoint): string {
	return endpoint.kind === "kafka" ? `kafka://${endpoint.brokers.join(",")}` : endpoint.url;
}

/** host:port of a URL, with the protocol's own port where it names none. */
export function hostOf(url: string, standardPort: number): string {
	return hostPortText(hostPortOfUrl(new URL(url), standardPort));
}

/** The direct endpoint's URL at another host:port, with the same credentials and database. */
export function movedTo(address: string, direct: Endpoint | null, standard: string): string {
	const url = new URL(direct === null ? `${standard}${address}` : urlOf(direct));
	url.host = address;
	return url.href;
}
