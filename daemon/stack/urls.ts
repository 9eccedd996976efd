import type { Endpoint } from "../../base/endpoint.ts";
import { hostPortOfUrl, hostPortText } from "../../base/host-port.ts";
import { throughProxy } from "../../base/postgres-url.ts";

/** The URL of an endpoint; for Kafka the brokers, joined. */
export function urlOf(endpoint: Endpoint): string {
	return endpoint.kind === "kafka" ? `kafka://${endpoint.brokers.join(",")}` : endpoint.url;
}

/** host:port of a URL, with the protocol's own port where it names none. */
export function hostOf(url: string, standardPort: number): string {
	return hostPortText(hostPortOfUrl(new URL(url), standardPort));
}

/**
 * What a direct endpoint leads to, through a proxy that listens at host:port: with the same credentials and database. Of
 * Kafka's brokers each has a proxy, and there are commas between them.
 */
export function through(direct: Endpoint, listen: string): Endpoint {
	switch (direct.kind) {
		case "postgres":
			return { kind: "postgres", url: throughProxy(direct.url, listen) };
		case "kafka":
			return { kind: "kafka", brokers: listen.split(",") };
		case "redis":
		case "s3":
		case "http":
		case "tcp": {
			const url = new URL(direct.url);
			url.host = listen;
			return { ...direct, url: url.href.replace(/\/$/, "") };
		}
		default:
			return direct satisfies never;
	}
}
