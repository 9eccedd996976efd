import type { TlsFiles } from "../../base/endpoint.ts";
import { codeOf } from "../../base/errors.ts";
import { TransportError } from "../outcome.ts";
import { secureContextOf } from "../tls-files.ts";
import { cancellable } from "./cancellable.ts";
import { type Exchange, HttpConnection, type Kept } from "./http-connection.ts";
import { encodeRequest, type HttpRequest } from "./http-request.ts";
import { Pool } from "./pool.ts";
import { addressOf } from "./socket.ts";

/** Beyond these, connections are made when they are needed: thousands at once would be a load of their own. */
const openAtOnceMax = 128;

export interface HttpAnswer extends Kept {
	status: number;
}

/**
 * Speaks HTTP/1.1 over a fixed number of keep-alive connections, plain or TLS. A status is never an error: `work`
 * decides what it means.
 */
export class HttpClient {
	/** Requests written to a connected socket: as many as the server received. */
	attempts = 0;
	/** Redirects that repeated requests were answered with, by where they lead. */
	readonly redirects = new Map<string, number>();
	readonly base: URL;
	readonly #pool: Pool<Exchange>;
	readonly #connections: number;

	constructor(base: URL, connections: number, tlsFiles?: TlsFiles) {
		this.base = base;
		this.#connections = connections;
		const secure = base.protocol === "https:";
		const context = secureContextOf(tlsFiles);
		const tls = secure ? { protocols: ["http/1.1"], context } : null;
		const address = addressOf(base, secure ? 443 : 80, tls);
		const onSent = () => {
			this.attempts++;
		};
		this.#pool = new Pool(connections, (pool) => new HttpConnection(address, pool, onSent));
	}

	/** Connects and sends nothing: a request would be one more than the load's, in the server's count. */
	open(signal: AbortSignal): Promise<void> {
		const secure = this.base.protocol === "https:";
		const count = Math.min(this.#connections, openAtOnceMax);
		return this.#pool.open(this.base.origin, count, signal, { secure });
	}

	/** Resolves with any answer; rejects with a `TransportError`. */
	request(request: HttpRequest): Promise<HttpAnswer> {
		let encoded: string | Buffer;
		try {
			encoded = encodeRequest(this.base, request);
		} catch (cause) {
			return Promise.reject(new TransportError(codeOf(cause) ?? "bad_request", false, cause));
		}
		return cancellable(request.signal, (resolve, reject) => {
			const exchange: Exchange = {
				request: encoded,
				noBody: request.method === "HEAD",
				keep: true,
				connection: null,
				answered: (status, kept) => resolve({ status, ...kept! }),
				failed: reject,
			};
			this.start(exchange);
			return { cancel: () => this.cancel(exchange) };
		});
	}

	start(exchange: Exchange): void {
		this.#pool.start(exchange);
	}

	/** Nobody waits for it any more; whether its request was sent. */
	cancel(exchange: Exchange): boolean {
		return this.#pool.cancel(exchange);
	}

	close(): void {
		this.#pool.close();
	}
}
