import type { Endpoint } from "../../base/endpoint.ts";
import { FaultlineError } from "../../base/errors.ts";
import { type HostPort, hostPortOf, hostPortOfUrl } from "../../base/host-port.ts";
import { readKafkaUrl } from "../../base/kafka-address.ts";
import { isSocket, readPostgresUrl } from "../../base/postgres-url.ts";
import { redactUrl } from "../../base/redact.ts";
import { endpointOf, schemeOf } from "../../load/endpoint-of.ts";

const understood =
	"write http://HOST:PORT, postgres://…, redis://…, kafka://HOST:PORT, or tcp://HOST:PORT for another protocol";

/**
 * Where the URL of a path leads that a proxy is to be put before; what no proxy can carry is refused (`FLT_USAGE`), with
 * what to do instead.
 */
export function externalEndpoint(url: unknown): Endpoint {
	if (typeof url !== "string" || url === "") throw refusal(`its url is ${shown(url)}`, understood);
	switch (schemeOf(url)) {
		case "http":
			return withoutQuery(url);
		case "postgres":
		case "postgresql":
		case "redis":
			return endpointOf(url);
		case "kafka":
			if (readKafkaUrl(url).topic === null) return endpointOf(url);
			throw refusal(
				`its url, ${shown(url)}, names a topic`,
				"a path leads to brokers: leave the topic out",
			);
		case "tcp":
			return tcpEndpoint(url);
		case "https":
		case "rediss":
			throw refusal(
				`its url, ${shown(url)}, is one with TLS, whose certificate is for the server's name, and clients of a path see the proxy's address`,
				"name its port without TLS, or end the TLS before it on this machine and name what does",
			);
		case "unix":
		case "redis+unix":
			throw refusal(
				`its url, ${shown(url)}, is a socket of the file system, and a proxy knows hosts and ports`,
				"let it listen on a port of loopback as well",
			);
		default:
			throw refusal(`its url is ${shown(url)}`, understood);
	}
}

/** Where connections to an endpoint arrive, of Kafka its first broker; null for a socket of the file system. */
export function addressOf(endpoint: Endpoint): HostPort | null {
	switch (endpoint.kind) {
		case "kafka":
			return hostPortOf(endpoint.brokers[0] ?? "", 9092);
		case "postgres": {
			const server = readPostgresUrl(endpoint.url);
			if (isSocket(server)) return null;
			return { host: server.hostaddr ?? server.host, port: server.port };
		}
		case "redis":
		case "s3":
		case "http":
		case "tcp":
			return hostPortOfUrl(new URL(endpoint.url), standardPorts[endpoint.kind]);
		default:
			return endpoint satisfies never;
	}
}

/** Where a URL names no port. */
const standardPorts = { redis: 6379, s3: 80, http: 80, tcp: 0 };

function withoutQuery(url: string): Endpoint {
	const endpoint = endpointOf(url);
	if (endpoint.kind === "http" && new URL(endpoint.url).search === "") return endpoint;
	throw refusal(
		`its url, ${shown(url)}, has a query`,
		"a path leads to a server: operations say what they ask it",
	);
}

function tcpEndpoint(text: string): Endpoint {
	const url = URL.canParse(text) ? new URL(text) : null;
	const isPlain = url !== null && `tcp://${url.host}` === text.replace(/\/$/, "").toLowerCase();
	if (isPlain && url.hostname !== "" && url.port !== "")
		return { kind: "tcp", url: `tcp://${url.host}` };
	throw refusal(`its url is ${shown(text)}`, "write tcp://HOST:PORT and no more");
}

function shown(url: unknown): string {
	if (typeof url === "string") return `"${redactUrl(url)}"`;
	return url === undefined ? "not there" : JSON.stringify(url);
}

function refusal(message: string, hint: string): FaultlineError {
	return new FaultlineError("FLT_USAGE", message, hint);
}
