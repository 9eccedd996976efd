import type { Socket } from "node:net";
import { codeOf } from "../../base/errors.ts";
import { TransportError } from "../outcome.ts";
import { isRefusedByTls } from "../tls-errors.ts";
import { ReplyReader } from "./reply-reader.ts";
import { RedisReplyError, type RedisValue } from "./resp.ts";
import { type Address, readingSocket } from "./socket.ts";

/** One command and what becomes of it. */
export interface Command {
	/** The whole command, as its connection sends it. */
	readonly text: string;
	/** The value of the reply is wanted; without it `answered` gets null. */
	readonly keep: boolean;
	/** The connection that carries it. */
	connection: RedisConnection | null;
	answered(value: RedisValue): void;
	refused(error: RedisReplyError): void;
	failed(error: TransportError): void;
}

/** One connection to a Redis server, on which commands follow one another without waiting (pipelining). */
export class RedisConnection {
	connected = false;
	/** Why it was lost; null while it lives. */
	cause: unknown = null;
	/** Sent or to be sent, oldest first: replies come in their order. */
	#pending: Command[] = [];
	/** Of those, how many have been answered: shifting each would move the others. */
	#answered = 0;
	#unsent = 0;
	#hasAnswered = false;
	#out: string;
	#greetings: number;
	readonly #reply = new ReplyReader();
	readonly #socket: Socket;
	readonly #onAnswering: (connection: RedisConnection) => void;
	readonly #onAnswered: (connection: RedisConnection) => void;
	readonly #onSent: (commands: number) => void;

	/** `greeting` are commands that must succeed before any other, such as AUTH. */
	constructor(
		address: Address,
		greeting: readonly string[],
		on: {
			ready: (connection: RedisConnection) => void;
			/** Its replies are about to be handed out. */
			answering: (connection: RedisConnection) => void;
			/** All that have come are handed out. */
			answered: (connection: RedisConnection) => void;
			sent: (commands: number) => void;
			lost: (connection: RedisConnection) => void;
		},
	) {
		this.#onAnswering = on.answering;
		this.#onAnswered = on.answered;
		this.#onSent = on.sent;
		this.#out = "";
		this.#greetings = greeting.length;
		this.#socket = readingSocket(address, {
			onConnected: () => {
				if (greeting.length > 0) this.#socket.write(greeting.join(""));
				else this.#ready();
			},
			onBytes: (bytes, length) => this.#read(bytes, length),
		});
		this.#ready = () => {
			this.connected = true;
			on.ready(this);
			this.flush();
		};
		this.#socket.once("error", (error) => {
			this.cause ??= error;
		});
		this.#socket.once("close", () => {
			this.cause ??= new Error("the server closed the connection");
			on.lost(this);
			this.#lose();
		});
	}

	readonly #ready: () => void;

	get idle(): boolean {
		return this.#pending.length === this.#answered;
	}

	get usable(): boolean {
		return this.#socket.writable || this.#socket.connecting;
	}

	/** Queues a command; `flush` sends what is queued, together. */
	push(command: Command): void {
		command.connection = this;
		this.#pending.push(command);
		this.#unsent++;
		this.#out += command.text;
	}

	flush(): void {
		if (!this.connected || this.#unsent === 0) return;
		const out = this.#out;
		this.#out = "";
		this.#onSent(this.#unsent);
		this.#unsent = 0;
		this.#socket.write(out);
	}

	destroy(): void {
		this.#socket.destroy();
	}

	#read(bytes: Buffer, length: number): void {
		if (this.connected) this.#onAnswering(this);
		try {
			let at = 0;
			while (at < length) {
				const keep = !this.connected || this.#pending[this.#answered]?.keep === true;
				at = this.#reply.read(bytes, at, length, keep);
				if (at === -1) break;
				this.#answer();
			}
		} catch (error) {
			this.cause = error;
			this.#socket.destroy();
		}
		if (!this.connected) return;
		if (this.idle) {
			this.#pending = [];
			this.#answered = 0;
		}
		this.#onAnswered(this);
	}

	#answer(): void {
		this.#hasAnswered = true;
		if (!this.connected) {
			const value = this.#reply.value();
			if (value instanceof RedisReplyError) throw value;
			if (--this.#greetings === 0) this.#ready();
			return;
		}
		const command = this.#pending[this.#answered];
		if (command === undefined) throw new Error("a reply to no command");
		this.#answered++;
		if (this.#answered === 1024) {
			this.#pending = this.#pending.slice(this.#answered);
			this.#answered = 0;
		}
		command.connection = null;
		if (this.#reply.isError) command.refused(this.#reply.value() as RedisReplyError);
		else command.answered(command.keep ? this.#reply.value() : null);
	}

	#lose(): void {
		const code = codeOf(this.cause) ?? "ECONNRESET";
		const lost = this.#pending.slice(this.#answered);
		const isRefused = !this.#hasAnswered && isRefusedByTls(this.cause);
		const sent = isRefused ? 0 : lost.length - this.#unsent;
		this.#pending = [];
		this.#answered = 0;
		this.#unsent = 0;
		for (const [place, command] of lost.entries()) {
			command.connection = null;
			command.failed(new TransportError(code, place < sent, this.cause));
		}
	}
}
