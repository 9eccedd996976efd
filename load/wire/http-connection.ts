import type { Socket } from "node:net";
import { codeOf } from "../../base/errors.ts";
import { TransportError } from "../outcome.ts";
import { isRefusedByTls } from "../tls-errors.ts";
import { type HttpHeaders, HttpResponse } from "./http-response.ts";
import type { Job, Pool, PooledConnection } from "./pool.ts";
import { type Address, readingSocket } from "./socket.ts";

/** One request and what becomes of it. */
export interface Exchange extends Job {
	/** The whole request, head and body; a string is of one byte a character. */
	readonly request: string | Buffer;
	/** Its method is HEAD. */
	readonly noBody: boolean;
	/** Headers and body of the response are wanted. */
	readonly keep: boolean;
	/** The response is complete; `kept` is null where nothing was to be kept, `reason` empty where it is no error. */
	answered(status: number, kept: Kept | null, reason: string): void;
}

/** What a response said beside its status. */
export interface Kept {
	/** Lower-case names. */
	headers: HttpHeaders;
	body: string;
}

/** One keep-alive connection to an HTTP server. */
export class HttpConnection implements PooledConnection<Exchange> {
	connected = false;
	/** Why it was lost; null while it lives. */
	cause: unknown = null;
	readonly #pool: Pool<Exchange>;
	readonly #socket: Socket;
	readonly #onSent: () => void;
	readonly #response = new HttpResponse();
	#exchange: Exchange | null = null;
	#hasAnswered = false;

	/** `onSent` is told of each request that was written to the connected socket. */
	constructor(address: Address, pool: Pool<Exchange>, onSent: () => void) {
		this.#pool = pool;
		this.#onSent = onSent;
		this.#socket = readingSocket(address, {
			onConnected: () => {
				this.connected = true;
				if (this.#exchange === null) pool.free(this, null);
				else this.#write(this.#exchange);
			},
			onBytes: (bytes, length) => this.#read(bytes, length),
		});
		this.#socket.once("error", (error) => {
			this.cause ??= error;
		});
		this.#socket.once("end", () => {
			if (this.#response.closed()) this.#complete(false);
		});
		this.#socket.once("close", () => this.#lose());
	}

	get usable(): boolean {
		return this.#socket.writable;
	}

	start(exchange: Exchange): void {
		this.#exchange = exchange;
		if (this.connected) this.#write(exchange);
	}

	destroy(): void {
		this.#socket.destroy();
	}

	#write(exchange: Exchange): void {
		this.#response.expect(exchange);
		this.#onSent();
		this.#socket.write(exchange.request, "latin1");
	}

	#read(bytes: Buffer, length: number): void {
		try {
			const at = this.#response.read(bytes, 0, length);
			// More than was asked for: whose answer the next one would be, nobody could tell.
			const surprised = at < length;
			if (surprised) this.#socket.destroy();
			if (this.#response.done && this.#exchange !== null) this.#complete(!surprised);
		} catch (error) {
			this.cause = error;
			this.#socket.destroy();
		}
	}

	#complete(canGoOn: boolean): void {
		const exchange = this.#exchange;
		if (exchange === null) return;
		this.#exchange = null;
		this.#hasAnswered = true;
		// Taken now: a connection that is free may begin with the next request at once.
		const { status, reason } = this.#response;
		const kept = exchange.keep
			? { headers: this.#response.headers, body: this.#response.body }
			: null;
		if (canGoOn && this.#response.keepAlive) this.#pool.free(this, exchange);
		else this.#socket.destroy();
		exchange.answered(status, kept, reason);
	}

	#lose(): void {
		const exchange = this.#exchange;
		this.#exchange = null;
		const code = codeOf(this.cause) ?? "ECONNRESET";
		this.cause ??= new Error("the server closed the connection");
		this.#pool.lost(this, exchange);
		const isRefused = !this.#hasAnswered && isRefusedByTls(this.cause);
		exchange?.failed(new TransportError(code, this.connected && !isRefused, this.cause));
	}
}
