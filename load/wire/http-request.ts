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
	{ headers = {}, ...request }: HttpRequest,
): string | Buffer {
	const lines: [string, string][] = [];
	for (const [name, value] of Object.entries(headers)) {
		if (value === undefined) continue;
		lines.push([name, Array.isArray(value) ? value.join(", ") : String(value)]);
	}
	return encodeLines(base, { ...request, lines });
}

/** A request whose headers come line by line, of which two may have one name. */
export function encodeLines(
	base: URL,
	{
		method = "GET",
		path,
		lines,
		body,
	}: Omit<HttpRequest, "headers" | "signal"> & { lines: readonly (readonly [string, string])[] },
): string | Buffer {
	validateHeaderName(method); // a method is a token, as a name is
	let head = `${method} ${escaped(base.pathname.replace(/\/$/, "") + path)} HTTP/1.1\r\n`;
	const names = new Set(lines.map(([name]) => name.toLowerCase()));
	if (!names.has("host")) head += `Host: ${base.host}\r\n`;
	if (base.username !== "" || base.password !== "") {
		const user = `${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`;
		if (!names.has("authorization"))
			head += `Authorization: Basic ${Buffer.from(user).toString("base64")}\r\n`;
	}
	const bytes = typeof body === "string" ? Buffer.from(body) : body;
	const wantsLength = bytes !== undefined || ["POST", "PUT", "PATCH"].includes(method);
	for (const [name, value] of lines) {
		validateHeaderName(name);
		validateHeaderValue(name, value);
		const isOurs = wantsLength && name.toLowerCase() === "content-length";
		if (!isOurs) head += `${name}: ${value}\r\n`;
	}
	if (wantsLength) head += `Content-Length: ${bytes?.byteLength ?? 0}\r\n`;
	head += "\r\n";
	return bytes === undefined ? head : Buffer.concat([Buffer.from(head, "latin1"), bytes]);
}

/** What can't stand in a request line, as its UTF-8 bytes in percent-escapes; all else as it is. */
function escaped(target: string): string {
	return target.replace(/[^\x21-\x7e]+/g, (part) =>
		[...Buffer.from(part)]
			.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
			.join(""),
	);
}
