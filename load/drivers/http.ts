import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import { codeOf, FaultlineError } from "../../base/errors.ts";
import type { Driver } from "../driver.ts";
import { TransportError } from "../outcome.ts";

export interface HttpRequest {
	/** Default `GET`. */
	method?: string;
	/** Path and query, below the endpoint's URL. */
	path: string;
	headers?: OutgoingHttpHeaders;
	body?: string | Uint8Array;
	/** Aborting destroys the request's socket. */
	signal?: AbortSignal;
}

export interface HttpResponse {
	status: number;
	headers: IncomingHttpHeaders;
	body: string;
}

declare module "../driver.ts" {
	interface DriverClients {
		http: HttpClient;
	}
}

/** Speaks HTTP/1.1 over keep-alive connections. A status is never an error: `work` decides what it means. */
export class HttpClient {
	/** Requests written to a connected socket: as many as the server received. */
	attempts = 0;
	readonly #base: URL;
	readonly #prefix: string;
	readonly #agent: Agent;

	constructor(base: URL, connections: number) {
		this.#base = base;
		this.#prefix = base.pathname.replace(/\/$/, "");
		this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
	}

	request({ method = "GET", path, headers, body, signal }: HttpRequest): Promise<HttpResponse> {
		return new Promise((resolve, reject) => {
			let sent = false;
			if (signal?.aborted) return reject(TransportError.aborted(signal, sent));
			const onAbort = () => {
				outgoing.destroy();
				fail(TransportError.aborted(signal!, sent));
			};
			const settle = () => signal?.removeEventListener("abort", onAbort);
			const fail = (error: unknown) => {
				settle();
				reject(
					error instanceof TransportError
						? error
						: new TransportError(codeOf(error) ?? "connection_lost", sent, error),
				);
			};
			const outgoing = request({
				agent: this.#agent,
				hostname: this.#base.hostname.replace(/^\[|\]$/g, ""),
				port: this.#base.port || 80,
				method,
				path: this.#prefix + path,
				headers,
			});
			const onSent = () => {
				sent = true;
				this.attempts++;
			};
			// Node writes the request right after "socket" where the socket is connected, else in a listener of "connect"
			// that it adds after ours; and an abort before that destroys the socket, so that "connect" never comes.
			outgoing.once("socket", (socket) => {
				if (socket.connecting) socket.once("connect", onSent);
				else if (socket.writable) onSent();
			});
			outgoing.on("error", fail);
			outgoing.once("response", (incoming) => {
				const chunks: Buffer[] = [];
				incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
				incoming.on("error", fail);
				incoming.once("end", () => {
					settle();
					resolve({
						status: incoming.statusCode!,
						headers: incoming.headers,
						body: Buffer.concat(chunks).toString(),
					});
				});
			});
			signal?.addEventListener("abort", onAbort);
			outgoing.end(body);
		});
	}

	close(): void {
		this.#agent.destroy();
	}
}

export default {
	speaks: ["http"],
	async open(at, { connections, signal }) {
		const base = baseOf(at.kind === "http" ? at.url : `${at.kind}:`);
		await reach(base, signal);
		return new HttpClient(base, connections);
	},
	async close(client) {
		client.close();
	},
	classify: () => null,
	counters: (client) => ({ attempts: client.attempts }),
} satisfies Driver<HttpClient>;

function baseOf(url: string): URL {
	const base = URL.canParse(url) ? new URL(url) : null;
	if (base?.protocol === "http:") return base;
	throw new FaultlineError(
		"FLT_PLAN_INVALID",
		`the http driver can't speak to ${url}`,
		"give it an http:// URL",
	);
}

/** A connection alone: any request would be one more than the load's, in the server's count. */
function reach(base: URL, signal: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		const socket = connect({
			host: base.hostname.replace(/^\[|\]$/g, ""),
			port: Number(base.port || 80),
			signal,
		});
		socket.once("connect", () => {
			socket.destroy();
			resolve();
		});
		socket.once("error", (error) =>
			reject(
				new FaultlineError(
					"FLT_COMPONENT_MISSING",
					`nothing answers at ${base.href}: ${codeOf(error) ?? error.message}`,
					"start the service, or correct the endpoint",
					error,
				),
			),
		);
	});
}
