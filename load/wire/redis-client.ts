import type { TlsFiles } from "../../base/endpoint.ts";
import { cantConnect } from "../connect-error.ts";
import { TransportError } from "../outcome.ts";
import type { RedisAddress } from "../redis-url.ts";
import { secureContextOf } from "../tls-files.ts";
import { cancellable } from "./cancellable.ts";
import { type Command, RedisConnection } from "./redis-connection.ts";
import { encodeCommand, type RedisValue } from "./resp.ts";
import type { Address } from "./socket.ts";

/**
 * Speaks RESP 2 over a fixed number of connections, plain or TLS. A command goes to a connection without others on
 * it, else to the one whose replies are being read, which have made room on it, else to each in turn; what is sent in
 * one turn of the event loop goes out together.
 */
export class RedisWireClient {
	/** Commands written to a connected socket. */
	attempts = 0;
	readonly #to: RedisAddress;
	readonly #address: Address;
	readonly #greeting: string[];
	readonly #connections: (RedisConnection | null)[];
	readonly #idle: RedisConnection[] = [];
	readonly #unflushed = new Set<RedisConnection>();
	#answering: RedisConnection | null = null;
	#next = 0;
	#flushing = false;
	#closed = false;
	#onChange: () => void = () => {};

	constructor(to: RedisAddress, connections: number, tls?: TlsFiles) {
		this.#to = to;
		this.#address = socketAddressOf(to, tls);
		this.#greeting = greetingOf(to);
		this.#connections = new Array<RedisConnection | null>(connections).fill(null);
	}

	async open(signal: AbortSignal): Promise<void> {
		try {
			await new Promise<void>((resolve, reject) => {
				signal.throwIfAborted();
				signal.addEventListener("abort", () => reject(signal.reason), { once: true });
				const made = this.#connections.map((_, place) => this.#make(place));
				this.#onChange = () => {
					const failed = made.find(({ cause }) => cause !== null);
					if (failed !== undefined) reject(failed.cause);
					if (made.every(({ connected }) => connected)) resolve();
				};
			});
		} catch (cause) {
			this.close();
			const { shown, isSecure } = this.#to;
			const count = this.#connections.length;
			throw cantConnect(shown, { count, secure: isSecure }, cause);
		} finally {
			this.#onChange = () => {};
		}
	}

	/** One command, by its words. Rejects with the server's `RedisReplyError`, or with a `TransportError`. */
	command(words: readonly string[], signal?: AbortSignal): Promise<RedisValue> {
		return cancellable<RedisValue>(signal, (resolve, reject) => {
			const command: Command = {
				text: encodeCommand(words),
				keep: true,
				connection: null,
				answered: resolve,
				refused: reject,
				failed: reject,
			};
			this.start(command);
			return { cancel: () => this.cancel(command) };
		});
	}

	start(command: Command): void {
		if (this.#closed) {
			command.failed(new TransportError("closed", false));
			return;
		}
		const connection = this.#take();
		connection.push(command);
		this.#unflushed.add(connection);
		if (this.#flushing) return;
		this.#flushing = true;
		queueMicrotask(this.#flush);
	}

	/** Nobody waits for it any more; whether it may have been sent. What came after it on its connection waits for its reply, so all of it goes. */
	cancel(command: Command): boolean {
		command.connection?.destroy();
		return command.connection?.connected ?? false;
	}

	close(): void {
		this.#closed = true;
		for (const connection of this.#connections) connection?.destroy();
	}

	readonly #flush = (): void => {
		this.#flushing = false;
		for (const connection of this.#unflushed) connection.flush();
		this.#unflushed.clear();
	};

	#take(): RedisConnection {
		let connection = this.#idle.shift();
		while (connection !== undefined && !(connection.usable && connection.idle))
			connection = this.#idle.shift();
		if (connection !== undefined) return connection;
		if (this.#answering?.usable) return this.#answering;
		const place = this.#next;
		this.#next = (place + 1) % this.#connections.length;
		const turn = this.#connections[place]!;
		return turn?.usable ? turn : this.#make(place);
	}

	#make(place: number): RedisConnection {
		const connection = new RedisConnection(this.#address, this.#greeting, {
			ready: (ready) => {
				this.#idle.push(ready);
				this.#onChange();
			},
			answering: (connection) => {
				this.#answering = connection;
			},
			answered: (connection) => {
				this.#answering = null;
				if (connection.idle) this.#idle.push(connection);
			},
			sent: (commands) => {
				this.attempts += commands;
			},
			lost: (lost) => {
				if (this.#connections[place] === lost) this.#connections[place] = null;
				this.#onChange();
			},
		});
		this.#connections[place] = connection;
		return connection;
	}
}

function socketAddressOf({ at, isSecure }: RedisAddress, files: TlsFiles | undefined): Address {
	if ("socket" in at) return { path: at.socket };
	const tls = isSecure ? { protocols: [], context: secureContextOf(files) } : null;
	return { ...at, tls };
}

function greetingOf({ user, password, database }: RedisAddress): string[] {
	const greeting: string[] = [];
	if (password !== null)
		greeting.push(encodeCommand(["AUTH", ...(user === "" ? [] : [user]), password]));
	if (database > 0) greeting.push(encodeCommand(["SELECT", String(database)]));
	return greeting;
}
