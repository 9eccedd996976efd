import type { Socket } from "node:net";
import { codeOf } from "../../base/errors.ts";
import { type RequestKind, requestHead } from "../../base/kafka-protocol.ts";
import { TransportError } from "../outcome.ts";
import { type Address, readingSocket } from "./socket.ts";

interface Asked {
	correlation: number;
	resolve(answer: Buffer): void;
	reject(error: TransportError): void;
}

/** So many bytes say how long an answer is. */
const sizeBytes = 4;
/** Several times what is ever asked for. */
const answerBytesMax = 128 * 1024 * 1024;

/** One connection to a Kafka broker, which answers requests in the order in which they were sent. */
export class KafkaConnection {
	readonly #socket: Socket;
	readonly #ready: Promise<void>;
	readonly #asked: Asked[] = [];
	#connected = false;
	#cause: unknown = null;
	#correlation = 0;
	/** The beginning of an answer: its size first, then so many bytes. */
	readonly #size = Buffer.alloc(sizeBytes);
	#answer: Buffer | null = null;
	#filled = 0;

	constructor(address: Address) {
		let onReady = () => {};
		this.#socket = readingSocket(address, {
			onConnected: () => {
				this.#connected = true;
				onReady();
			},
			onBytes: (bytes, length) => this.#read(bytes, length),
		});
		this.#ready = new Promise((resolve, reject) => {
			onReady = resolve;
			this.#socket.once("error", (error) => {
				this.#cause ??= error;
			});
			this.#socket.once("close", () => {
				this.#lose();
				reject(this.#error(false));
			});
		});
		this.#ready.catch(() => {}); // told to each request
	}

	get usable(): boolean {
		return this.#socket.writable || this.#socket.connecting;
	}

	/** Rejects where no connection can be made. */
	ready(): Promise<void> {
		return this.#ready;
	}

	/** The whole answer to a request with this body. Rejects with a `TransportError` where the connection is lost. */
	ask(kind: RequestKind, body: Buffer): Promise<Buffer> {
		if (!this.usable) return Promise.reject(this.#error(false));
		const correlation = this.#correlation++;
		return new Promise((resolve, reject) => {
			this.#asked.push({ correlation, resolve, reject });
			this.#socket.cork();
			this.#socket.write(requestHead(kind, correlation, body.length));
			this.#socket.write(body);
			this.#socket.uncork();
		});
	}

	destroy(): void {
		this.#socket.destroy();
	}

	#read(bytes: Buffer, length: number): void {
		let at = 0;
		while (at < length) {
			const target = this.#answer ?? this.#size;
			const taken = Math.min(length - at, target.length - this.#filled);
			bytes.copy(target, this.#filled, at, at + taken);
			this.#filled += taken;
			at += taken;
			if (this.#filled < target.length) return;
			if (this.#answer === null) {
				const size = this.#size.readInt32BE();
				if (size < sizeBytes || size > answerBytesMax) {
					this.#fail(new Error(`an answer of ${size} bytes`));
					return;
				}
				// What reads it finds the size before the answer, as it came.
				this.#answer = Buffer.allocUnsafe(sizeBytes + size);
				this.#size.copy(this.#answer);
			} else {
				const answer = this.#answer;
				this.#answer = null;
				this.#filled = 0;
				this.#answered(answer);
			}
		}
	}

	#answered(answer: Buffer): void {
		const correlation = answer.readInt32BE(sizeBytes);
		if (this.#asked[0]?.correlation === correlation) this.#asked.shift()!.resolve(answer);
		else this.#fail(new Error(`an answer to request ${correlation}, whose turn it is not`));
	}

	#fail(cause: Error): void {
		this.#cause ??= cause;
		this.#socket.destroy();
	}

	#lose(): void {
		this.#cause ??= new Error("the broker closed the connection");
		for (const { reject } of this.#asked.splice(0)) reject(this.#error(this.#connected));
	}

	#error(sent: boolean): TransportError {
		return new TransportError(codeOf(this.#cause) ?? "connection_lost", sent, this.#cause);
	}
}
