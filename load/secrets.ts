import type { Endpoint } from "../base/endpoint.ts";
import { secretName } from "../base/redact.ts";
import type { LoadSpec } from "./work.ts";

/** Words of Redis after which there is nothing but names and passwords. */
const beforeSecrets = /^(auth|masterauth|requirepass)$/i;

/**
 * What this load sends that nobody may read in an error: passwords of its endpoints, and what the operation holds as
 * credentials. The longest first, for one may be a part of another.
 */
export function secretsOf(
	endpoints: Record<string, Endpoint>,
	work: LoadSpec["work"],
): readonly string[] {
	const known = [
		...Object.values(endpoints).flatMap(ofEndpoint),
		...(typeof work === "object" && "repeat" in work ? ofRepeat(work.repeat) : []),
	];
	const secrets = new Set(known.filter((secret) => secret.trim() !== ""));
	return [...secrets].sort((a, b) => b.length - a.length);
}

function ofEndpoint(endpoint: Endpoint): string[] {
	if (endpoint.kind === "postgres") return ofPostgres(endpoint.url);
	if (endpoint.kind === "kafka") {
		const { sasl = null, tls = null } = endpoint.security ?? {};
		const password = sasl?.password ?? "";
		return [password, encodeURIComponent(password), tls?.key ?? ""];
	}
	if (!URL.canParse(endpoint.url)) return [];
	const { username, password, searchParams } = new URL(endpoint.url);
	// Where no password follows, a name is a token.
	const user = password === "" ? username : password;
	return [user, decoded(user), ...queriedSecrets(`?${searchParams}`)];
}

function queriedSecrets(path: string): string[] {
	const query = new URLSearchParams(path.slice(path.indexOf("?") + 1));
	const named = [...query].filter(([name]) => secretName.test(name));
	return named.flatMap(([, value]) => [value, encodeURIComponent(value)]);
}

/** As written and as meant, also where the URL is none that can be read. */
function ofPostgres(url: string): string[] {
	const [, password = ""] = /^[^/]*\/\/[^:/?#]*:([^/?#]*)@/.exec(url) ?? [];
	const named = [...url.matchAll(/[?&]([^=&]*)=([^&]*)/g)].filter(
		([, name]) => secretName.test(name!) && name !== "sslkey",
	);
	return [password, ...named.map(([, , value]) => value!)].flatMap((text) => [text, decoded(text)]);
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

function ofRepeat(repeat: Extract<LoadSpec["work"], { repeat: unknown }>["repeat"]): string[] {
	switch (repeat.kind) {
		case "http":
			return [
				...queriedSecrets(repeat.path),
				...repeat.headers
					.filter(([name]) => secretName.test(name))
					// Without the scheme too: `Bearer …`.
					.flatMap(([, value]) => [value, value.replace(/^\S+\s+/, "")]),
			];
		case "redis": {
			const place = repeat.command.findIndex((word) => beforeSecrets.test(word));
			return place === -1 ? [] : repeat.command.slice(place + 1);
		}
		case "postgres":
		case "kafka":
			return [];
		default:
			return repeat satisfies never;
	}
}
