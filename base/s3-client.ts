import { createHash, createHmac } from "node:crypto";
import { Agent, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { FaultlineError } from "./errors.ts";

/** What is asked of an S3 server. */
export interface S3Request {
	method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
	/** Null for the server itself. */
	bucket?: string | null;
	key?: string | null;
	query?: Readonly<Record<string, string>>;
	headers?: Readonly<Record<string, string>>;
	body?: Buffer | string;
	signal?: AbortSignal;
}

export interface S3Answer {
	status: number;
	headers: IncomingHttpHeaders;
	body: Buffer;
}

const region = "us-east-1";

/**
 * A small client of an S3 server in plain text, for what is asked of our own and of tests; access key and secret are user
 * and password of its URL. Any answer resolves: whoever asks knows which are good.
 */
export class S3Client {
	readonly #at: URL;
	readonly #agent: Agent;
	/** Requests that were sent. */
	attempts = 0;

	constructor(url: string, connections = Number.POSITIVE_INFINITY) {
		this.#at = new URL(url);
		this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
		if (this.#at.protocol === "http:") return;
		throw new FaultlineError(
			"FLT_USAGE",
			`this client speaks to http:// only, not to ${this.#at.protocol}//`,
			"name the server by http://KEY:SECRET@HOST:PORT",
		);
	}

	request(asked: S3Request): Promise<S3Answer> {
		const { method, bucket = null, key = null, query = {}, signal } = asked;
		const body = Buffer.from(asked.body ?? "");
		const path = `/${[bucket, key].flatMap((part) => (part === null ? [] : pathOf(part))).join("/")}`;
		const canonicalQuery = Object.entries(query)
			.map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
			.sort()
			.join("&");
		const headers = this.#signed({ ...asked, path, canonicalQuery, body });
		this.attempts++;
		return new Promise((resolve, reject) => {
			const sent = httpRequest(
				{
					host: this.#at.hostname,
					port: this.#at.port || 80,
					method,
					path: canonicalQuery === "" ? path : `${path}?${canonicalQuery}`,
					headers: { ...headers, "content-length": body.length },
					agent: this.#agent,
					...(signal && { signal }),
				},
				(answer) => {
					const parts: Buffer[] = [];
					answer.on("data", (part: Buffer) => parts.push(part));
					answer.once("error", reject);
					answer.once("end", () =>
						resolve({
							status: answer.statusCode ?? 0,
							headers: answer.headers,
							body: Buffer.concat(parts),
						}),
					);
				},
			);
			sent.once("error", reject);
			sent.end(body);
		});
	}

	close(): void {
		this.#agent.destroy();
	}

	/** All headers, with the signature over them (AWS Signature Version 4). */
	#signed(asked: {
		method: string;
		path: string;
		canonicalQuery: string;
		headers?: Readonly<Record<string, string>>;
		body: Buffer;
	}): Record<string, string> {
		const { method, path, canonicalQuery, body } = asked;
		const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
		const day = time.slice(0, 8);
		const headers: Record<string, string> = {
			...Object.fromEntries(
				Object.entries(asked.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
			),
			host: this.#at.host,
			"x-amz-content-sha256": sha256(body),
			"x-amz-date": time,
		};
		const names = Object.keys(headers).sort();
		const canonical = [
			method,
			path,
			canonicalQuery,
			...names.map((name) => `${name}:${headers[name]!.trim()}`),
			"",
			names.join(";"),
			headers["x-amz-content-sha256"],
		].join("\n");
		const scope = `${day}/${region}/s3/aws4_request`;
		const toSign = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
		const secret = decodeURIComponent(this.#at.password);
		const key = [day, region, "s3", "aws4_request"].reduce<string | Buffer>(
			(key, part) => hmac(key, part),
			`AWS4${secret}`,
		);
		const signature = hmac(key, toSign).toString("hex");
		const who = decodeURIComponent(this.#at.username);
		return {
			...headers,
			authorization: `AWS4-HMAC-SHA256 Credential=${who}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
		};
	}
}

/** The texts of all elements of this name in an answer, in their order. */
export function textsOf(xml: Buffer | string, element: string): string[] {
	const found = String(xml).matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g"));
	return [...found].map(([, text]) => unescaped(text!));
}

const entities: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function unescaped(text: string): string {
	return text.replaceAll(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (all, hex, decimal, name) => {
		if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
		if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
		return entities[name] ?? all;
	});
}

function pathOf(part: string): string {
	return part.split("/").map(encoded).join("/");
}

function encoded(text: string): string {
	return encodeURIComponent(text).replaceAll(
		/[!'()*]/g,
		(sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}

function sha256(text: Buffer | string): string {
	return createHash("sha256").update(text).digest("hex");
}

function hmac(key: Buffer | string, text: string): Buffer {
	return createHmac("sha256", key).update(text).digest();
}
