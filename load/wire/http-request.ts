import { type OutgoingHttpHeaders, validateHeaderName, validateHeaderValue } from "node:http";

export interface HttpRequest {
	/** Default `GET`. */
	method?: string;
	/** Path and query, below the endpoint's URL. */
	path: string;
	headers?: OutgoingHttpHeaders;
	body?: string | Uint8Array;
	/** Aborting destroys the request's connection. */
	signal?: AbortSignal;
}

/** The bytes of a request; as a string, of one byte a character, where there is no body. Throws for a bad header. */
export function encodeRequest(
	base: URL,
	{ method = "GET", path, headers = {}, body }: HttpRequest,
): string | Buffer {
	const given = new Map<string, [string, string]>([["host", ["Host", base.host]]]);
	if (base.username !== "") {
		const user = `${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`;
		given.set("authorization", ["Authorization", `Basic ${Buffer.from(user).toString("base64")}`]);
	}
	for (const [name, value] of Object.entries(headers)) {
		if (value === undefined) continue;
		const text = Array.isArray(value) ? value.join(", ") : String(value);
		validateHeaderName(name);
		validateHeaderValue(name, text);
		given.set(name.toLowerCase(), [name, text]);
	}
	const bytes = typeof body === "string" ? Buffer.from(body) : body;
	const wantsLength = bytes !== undefined || ["POST", "PUT", "PATCH"].includes(method);
	if (wantsLength) given.set("content-length", ["Content-Length", String(bytes?.byteLength ?? 0)]);
	validateHeaderName(method); // a method is a token, as a name is
	const target = base.pathname.replace(/\/$/, "") + path;
	const escaped = /^[\x21-\x7e]*$/.test(target) ? target : encodeURI(target);
	let head = `${method} ${escaped} HTTP/1.1\r\n`;
	for (const [name, value] of given.values()) head += `${name}: ${value}\r\n`;
	head += "\r\n";
	return bytes === undefined ? head : Buffer.concat([Buffer.from(head, "latin1"), bytes]);
}
