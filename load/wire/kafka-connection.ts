import type { Socket } from "node:net";
import { codeOf, messageOf } from "../../base/errors.ts";
import { hostPortOf } from "../../base/host-port.ts";
import type { KafkaSecurity } from "../../base/kafka-address.ts";
import { KafkaError } from "../../base/kafka-errors.ts";
import { type RequestKind, requestHead } from "../../base/kafka-protocol.ts";
import { TransportError } from "../outcome.ts";
import { contextOf } from "../tls-files.ts";
import { authenticate } from "./kafka-sasl.ts";
import { readingSocket } from "./socket.ts";

type Failure = TransportError | KafkaError;

interface Asked {
	correlation: number;
	resolve(answer: Buffer): void;
	reject(error: Failure): void;
}

/** A request that waits until the broker knows who is asking. */
interface Held {
	send(): void;
	reject(error: Failure): void;
}

/** So many bytes say how long an answer is. */
const sizeBytes = 4;
/** Several times what is ever asked for. */
const answerBytesMax = 128 * 1024 * 1024;

/** How records of TLS begin that are an alert or a handshake: as the size of an answer, they are absurd. */
const tlsRecords = [0x1503, 0x1603];

/** One connection to a Kafka broker, which answers requests in the order in which they were sent. */
export class KafkaConnection {
	readonly #socket: Socket;
	readonly #ready: Promise<void>;
	readonly #asked: Asked[] = [];
	readonly #broker: string;
	readonly #security: KafkaSecurity | null;
	/** Null once what is asked is sent at once. */
	#held: Held[] | null;
	#connected = false;
	#answeredOnce: boolean;
	/** No listener that answers so has done what it was asked. */
	#nothingDone = false;
	#cause: unknown = null;
	#correlation = 0;
	/** The beginning of an answer: its size first, then so many bytes. */
	readonly #size = Buffer.alloc(sizeBytes);
	#answer: Buffer | null = null;
	#filled = 0;

	/** `broker` is its host:port; `isKnown`: its cluster has answered to who speaks so. */
	constructor(broker: string, security: KafkaSecurity | null, isKnown = false) {
		this.#broker = broker;
		this.#answeredOnce = isKnown;
		this.#security = security;
		const sasl = security?.sasl ?? null;
		this.#held = sasl === null ? null : [];
		const pem = security?.tls ?? null;
		const tls = pem === null ? null : { protocols: [], context: contextOf(pem) };
		let onReady = () => {};
		this.#socket = readingSocket(
			{ ...hostPortOf(broker, 9092), tls },
			{
				onConnected: () => {
					this.#connected = true;
					if (sasl === null) return onReady();
					const ask = (kind: RequestKind, body: Buffer) =>
						new Promise<Buffer>((resolve, reject) => this.#send(kind, body, resolve, reject));
					authenticate(broker, sasl, ask).then(
						() => {
							this.#release();
							onReady();
						},
						(error: Error) => this.#fail(error),
					);
				},
				onBytes: (bytes, length) => this.#read(bytes, length),
			},
		);
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

	/**
	 * The whole answer to a request with this body. Rejects with a `TransportError` where the connection is lost, with a
	 * `KafkaError` where the broker does not let us in.
	 */
	ask(kind: RequestKind, body: Buffer): Promise<Buffer> {
		if (!this.usable) return Promise.reject(this.#error(false));
		return new Promise((resolve, reject) => {
			const send = () => this.#send(kind, body, resolve, reject);
			if (this.#held === null) send();
			else this.#held.push({ send, reject });
		});
	}

	#send(kind: RequestKind, body: Buffer, resolve: Asked["resolve"], reject: Asked["reject"]): void {
		const correlation = this.#correlation++;
		this.#asked.push({ correlation, resolve, reject });
		this.#socket.cork();
		this.#socket.write(requestHead(kind, correlation, body.length));
		this.#socket.write(body);
		this.#socket.uncork();
	}

	#release(): void {
		const held = this.#held ?? [];
		this.#held = null;
		for (const { send } of held) send();
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
					this.#fail(this.#strange(size));
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
		this.#answeredOnce = true;
		if (this.#asked[0]?.correlation === correlation) this.#asked.shift()!.resolve(answer);
		else this.#fail(new Error(`an answer to request ${correlation}, whose turn it is not`));
	}

	#fail(cause: Error): void {
		this.#cause ??= cause;
		this.#socket.destroy();
	}

	#strange(size: number): Error {
		if (!tlsRecords.includes(size >>> 16))
			return new Error(`${this.#broker} sends an answer of ${size} bytes: is it a Kafka broker?`);
		this.#nothingDone = true;
		return new Error(`the listener at ${this.#broker} speaks TLS: add ?tls=true to the URL`);
	}

	#lose(): void {
		this.#cause = this.#told(this.#cause);
		for (const { reject } of this.#asked.splice(0)) reject(this.#error(this.#connected));
		for (const { reject } of this.#held?.splice(0) ?? []) reject(this.#error(false));
	}

	/** The cause with what a person would need to know of it. */
	#told(cause: unknown): unknown {
		if (cause instanceof KafkaError) return cause;
		const secured = this.#security?.tls != null;
		const code = codeOf(cause);
		const about = (text: string) => Object.assign(new Error(text, { cause }), { code });
		if (secured && !this.#connected) {
			const said = cause === null ? "it closed the connection" : messageOf(cause);
			const isCertificate = /certificate|self.signed|altnames|CERT|UNABLE_TO/i.test(
				`${said}${code}`,
			);
			const advice = isCertificate
				? "ca=FILE names whom to trust"
				: "is it a listener that speaks TLS?";
			const hasHost = said.includes(this.#broker) ? "" : `${this.#broker}: `;
			return about(
				code === "ECONNREFUSED" || code === "ENOTFOUND"
					? `${hasHost}${said}`
					: `${hasHost}${said}; ${advice}`,
			);
		}
		if (this.#connected && !this.#answeredOnce && (cause === null || code === "ECONNRESET")) {
			const wish = secured ? "SASL, or a certificate of yours (cert and key)" : "SASL or TLS";
			return about(
				`the listener ${this.#broker} closed the connection at once: does it want ${wish}?`,
			);
		}
		if (secured && !this.#answeredOnce && /alert/.test(messageOf(cause)))
			return about(
				`${this.#broker} ended TLS by an alert (${/alert [a-z ]+/.exec(messageOf(cause))?.[0]}): does it want a certificate of yours (cert and key)?`,
			);
		if (cause === null) return new Error(`${this.#broker} closed the connection`);
		const said = messageOf(cause);
		return said.includes(this.#broker) ? cause : about(`${this.#broker}: ${said}`);
	}

	#error(sent: boolean): Failure {
		const cause = this.#cause;
		if (cause instanceof KafkaError) return cause;
		return new TransportError(
			codeOf(cause) ?? "connection_lost",
			sent && !this.#nothingDone,
			cause,
		);
	}
}
