import type { Endpoint, EndpointKind } from "../base/endpoint.ts";
import { FaultlineError } from "../base/errors.ts";
import { readKafkaUrl } from "../base/kafka-address.ts";
import { postgresConfigs } from "../base/postgres-config.ts";
import { redisAddressOf } from "./redis-url.ts";
import { type TlsFlags, tlsFilesOf } from "./tls-files.ts";
import { parsedUrl, refuseFragment, userOf, withoutUser } from "./url-parts.ts";

const kinds = {
	http: "http",
	https: "http",
	postgres: "postgres",
	postgresql: "postgres",
	redis: "redis",
	rediss: "redis",
	unix: "redis",
	"redis+unix": "redis",
	kafka: "kafka",
} as const satisfies Record<string, EndpointKind>;

/** What is spoken at a URL, by its scheme. */
export function kindOfUrl(url: string): (typeof kinds)[keyof typeof kinds] {
	const scheme = schemeOf(url) ?? "";
	if (Object.hasOwn(kinds, scheme)) return kinds[scheme as keyof typeof kinds];
	throw new FaultlineError(
		"FLT_USAGE",
		`target "${withoutUser(url)}" is of no kind that can be loaded`,
		"give a URL: http://host/path, https://…, postgres://…, redis://…, unix:///socket (Redis) or kafka://host:port/topic",
	);
}

/** What stands before `://`, in small letters; null where nothing does. */
export function schemeOf(url: string): string | null {
	return /^([a-z+]+):\/\//i.exec(url)?.[1]?.toLowerCase() ?? null;
}

/**
 * Where a URL leads, whoever names it: a load's target or a path of a plan. What is not understood in it is refused, and
 * so are files of certificates that can't be used.
 */
export function endpointOf(url: string, tls: TlsFlags = {}): Endpoint {
	const kind = kindOfUrl(url);
	switch (kind) {
		case "http": {
			const { href, protocol } = httpUrl(url);
			const isSecure = protocol === "https:";
			return { kind, url: href, tls: tlsFilesOf(tls, { isSecure, secureScheme: "https" }) };
		}
		case "postgres":
			// Reads the files of certificates too: what is wrong with them is said before anything runs.
			postgresConfigs(url);
			return { kind, url };
		case "redis": {
			const { isSecure } = redisAddressOf(url);
			return { kind, url, tls: tlsFilesOf(tls, { isSecure, secureScheme: "rediss" }) };
		}
		case "kafka": {
			const { brokers, security } = readKafkaUrl(url);
			return { kind, brokers, ...(security === null ? {} : { security }) };
		}
		default:
			return kind satisfies never;
	}
}

function httpUrl(given: string): URL {
	const url = parsedUrl(given);
	refuseFragment(url);
	userOf(url);
	return url;
}
