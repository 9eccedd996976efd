import type { IncomingHttpHeaders } from "node:http";

/** Whom the daemon answers as. */
export interface OwnNames {
	/** Host names, with or without port, beside our own loopback names. */
	allowedHosts: readonly string[];
	port(): number;
}

/**
 * What the headers tell of who asks. A browser says of each request where it comes from (`Sec-Fetch-…`, which no page
 * can forge), but not over plain http to a name that is not this machine's own.
 */
export type Asker =
	/** Such as curl: nothing in the request comes from a browser. */
	| { kind: "program" }
	/** A page of ours. */
	| { kind: "page" }
	/** A typed address, a bookmark, a link in a mail: where it led from there nobody tells. */
	| { kind: "person" }
	/** Nobody can tell: a browser that does not say where a request comes from would send the same. */
	| { kind: "untold"; seen: string }
	| { kind: "stranger"; seen: string; why: string };

/** The header that a page of another site can't send: a browser would ask us first, and we do not answer. */
export const ownHeader = "x-faultline";

export function askerOf(method: string, headers: IncomingHttpHeaders, names: OwnNames): Asker {
	const purpose = headers["sec-purpose"] ?? headers.purpose;
	if (purpose !== undefined && /prefetch|prerender/i.test(String(purpose)))
		return stranger(`Purpose is "${String(purpose)}"`, "a prefetch may not start anything");
	const { origin, host = "" } = headers;
	const site = headers["sec-fetch-site"];
	if (origin !== undefined && !isOwnOrigin(origin, host, names))
		return stranger(`Origin is "${origin}"`, foreignPage);
	if (site !== undefined && site !== "same-origin" && site !== "none")
		return stranger(`Sec-Fetch-Site is "${String(site)}"`, foreignPage);
	if (headers[ownHeader] !== undefined) return { kind: "program" };
	// The button of a page of ours navigates too, by POST.
	const navigates = method === "GET" && headers["sec-fetch-mode"] === "navigate";
	if (navigates || site === "none") return { kind: "person" };
	if (site === "same-origin" || origin !== undefined) return { kind: "page" };
	if (!isLoopbackName(host, names))
		return { kind: "untold", seen: `Host is "${host}", and nothing tells which page asks` };
	// An old browser; programs do not call themselves so.
	if (/^Mozilla\//.test(headers["user-agent"] ?? ""))
		return { kind: "untold", seen: "a browser that sends no Sec-Fetch-Site" };
	return { kind: "program" };
}

/** Is the whole window to show what was asked for? The page that led here can't read it then. */
export function isTopLevel(headers: IncomingHttpHeaders): boolean {
	return headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
}

export function isAllowedHost(host: string, names: OwnNames): boolean {
	if (isLoopbackName(host, names)) return true;
	const wanted = host.toLowerCase();
	const name = wanted.replace(/:\d+$/, "");
	return names.allowedHosts.some((allowed) => [wanted, name].includes(allowed.toLowerCase()));
}

function isLoopbackName(host: string, { port }: OwnNames): boolean {
	const shown = host.toLowerCase();
	// Port 80 is left out.
	const full = port() === 80 && !/:\d+$/.test(shown) ? `${shown}:80` : shown;
	return ["127.0.0.1", "localhost", "[::1]"].some((name) => full === `${name}:${port()}`);
}

/** A page's origin is ours to its port: on another port of the same machine somebody else serves. */
function isOwnOrigin(origin: string, host: string, names: OwnNames): boolean {
	if (!URL.canParse(origin)) return false;
	const { protocol, host: shown, hostname, port } = new URL(origin);
	if (protocol !== "http:" && protocol !== "https:") return false;
	const full = `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
	const same = [shown, full].includes(host.toLowerCase()) && isAllowedHost(host, names);
	// Before us may be a proxy that has another name than the one we are called by: listed with its port it is ours.
	return (
		same ||
		isLoopbackName(full, names) ||
		names.allowedHosts.some((allowed) => allowed.toLowerCase() === full)
	);
}

const foreignPage = "another site's page may not start or read anything here";

function stranger(seen: string, why: string): Asker {
	return { kind: "stranger", seen, why };
}
