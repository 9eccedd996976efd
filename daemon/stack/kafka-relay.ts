import { once } from "node:events";
import net from "node:net";
import { connect as connectTls } from "node:tls";
import { messageOf } from "../../base/errors.ts";
import { hostPortOf, hostPortText } from "../../base/host-port.ts";
import type { KafkaSecurity } from "../../base/kafka-address.ts";
import { isWhole, type RequestKind, request } from "../../base/kafka-protocol.ts";
import { authenticate } from "../../load/wire/kafka-sasl.ts";
import { holdsAddresses, type PlaceOf, rewritten } from "./kafka-rewrite.ts";

const openLimitMs = 10_000;

/** What stands before one broker of another's cluster, on loopback and in plain text. */
export interface Relay {
	/** host:port where it takes connections. */
	address: string;
	close(): void;
}

export interface RelayOptions {
	/** host:port of the broker that it leads to. */
	broker: string;
	/** How that one is spoken to; whoever comes to the relay is nobody. */
	security: KafkaSecurity | null;
	/** Where clients are to find each broker, instead of where it says that it is. */
	placeOf: PlaceOf;
	/** Told why a connection could not be made or went wrong. */
	log: (line: string) => void;
}

/**
 * Listens before a broker and hands on what passes, but for where the cluster says that its brokers are: a client goes
 * there after its first answer, and would leave the proxy that it came through.
 */
export async function openRelay({ broker, security, placeOf, log }: RelayOptions): Promise<Relay> {
	const open = new Set<net.Socket>();
	const server = net.createServer({ noDelay: true, pauseOnConnect: true }, (client) => {
		open.add(client);
		client.on("error", () => {}).once("close", () => open.delete(client));
		openUpstream(broker, security)
			.then((upstream) => {
				open.add(upstream);
				upstream.once("close", () => open.delete(upstream));
				join(client, upstream, placeOf, log);
			})
			.catch((error: unknown) => {
				log(`no connection to Kafka at ${broker}: ${messageOf(error)}`);
				client.destroy();
			});
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { address: host, port } = server.address() as net.AddressInfo;
	return {
		address: hostPortText({ host, port }),
		close() {
			server.close();
			for (const socket of open) socket.destroy();
		},
	};
}

/** A connection on which the broker knows who we are. */
export async function openUpstream(
	broker: string,
	security: KafkaSecurity | null,
): Promise<net.Socket> {
	const { host, port } = hostPortOf(broker, 9092);
	const { sasl = null, tls = null } = security ?? {};
	const socket =
		tls === null
			? net.connect({ host, port, noDelay: true })
			: connectTls({
					host,
					port,
					// The protocol has names of hosts alone in it, no addresses (RFC 6066).
					servername: net.isIP(host) === 0 ? host : "",
					...(tls.ca === null ? {} : { ca: tls.ca }),
					...(tls.cert === null || tls.key === null ? {} : { cert: tls.cert, key: tls.key }),
				});
	const late = setTimeout(
		() => socket.destroy(new Error(`no answer within ${openLimitMs} ms`)),
		openLimitMs,
	);
	try {
		await once(socket, tls === null ? "connect" : "secureConnect");
		socket.setNoDelay(true);
		if (sasl !== null)
			await authenticate(broker, sasl, (kind, body) => askOn(socket, broker, kind, body));
		socket.on("error", () => {}); // `close` follows
		return socket;
	} catch (error) {
		socket.destroy();
		throw error;
	} finally {
		clearTimeout(late);
	}
}

/** The one answer to the one request that is under way. */
export function askOn(
	socket: net.Socket,
	broker: string,
	kind: RequestKind,
	body: Buffer,
): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		let answer = Buffer.alloc(0);
		const end = (settle: () => void) => {
			socket.off("data", onData).off("error", onError).off("close", onClose);
			settle();
		};
		const onData = (bytes: Buffer) => {
			answer = Buffer.concat([answer, bytes]);
			if (isWhole(answer)) end(() => resolve(answer));
		};
		const onError = (error: Error) => end(() => reject(error));
		const onClose = () =>
			onError(new Error(`${broker} closed the connection at once: does it want SASL or TLS?`));
		socket.on("data", onData).once("error", onError).once("close", onClose);
		socket.write(request(kind, body));
	});
}

function join(
	client: net.Socket,
	upstream: net.Socket,
	placeOf: PlaceOf,
	log: RelayOptions["log"],
): void {
	const asked: Asked = new Map();
	const [requests, answers] = [new Requests(asked), new Answers(asked, placeOf)];
	const hand = (from: net.Socket, to: net.Socket, pass: (bytes: Buffer) => readonly Buffer[]) => {
		from.on("data", (bytes: Buffer) => {
			try {
				for (const part of pass(bytes)) if (!to.write(part)) from.pause();
			} catch (error) {
				// What we can't read we must not hand on: a client that it leads past us would say nothing of it.
				log(`a connection to Kafka is cut: ${messageOf(error)}`);
				from.destroy();
				to.destroy();
			}
		});
		to.on("drain", () => from.resume());
		from.on("end", () => to.end());
		from.on("close", () => to.destroy());
	};
	hand(client, upstream, (bytes) => {
		requests.see(bytes);
		return [bytes];
	});
	hand(upstream, client, (bytes) => answers.pass(bytes));
	if (client.destroyed) upstream.destroy();
	else client.resume();
}

/** Requests under way whose answers are rewritten, by their correlation ids. */
type Asked = Map<number, { api: number; version: number }>;

/** Size, kind, version and correlation id. */
const requestHeadBytes = 12;

/** Notes which requests pass. */
class Requests {
	readonly #asked: Asked;
	#head = Buffer.alloc(0);
	/** What is still to come of one whose head was seen. */
	#left = 0;

	constructor(asked: Asked) {
		this.#asked = asked;
	}

	see(chunk: Buffer): void {
		let bytes = chunk;
		while (bytes.length > 0) {
			if (this.#left > 0) {
				const passed = Math.min(this.#left, bytes.length);
				this.#left -= passed;
				bytes = bytes.subarray(passed);
				continue;
			}
			const missing = requestHeadBytes - this.#head.length;
			this.#head = Buffer.concat([this.#head, bytes.subarray(0, missing)]);
			bytes = bytes.subarray(missing);
			if (this.#head.length < requestHeadBytes) return;
			const api = this.#head.readInt16BE(4);
			const version = this.#head.readInt16BE(6);
			if (holdsAddresses(api)) this.#asked.set(this.#head.readInt32BE(8), { api, version });
			this.#left = 4 + this.#head.readInt32BE() - requestHeadBytes;
			this.#head = Buffer.alloc(0);
		}
	}
}

/** Size and correlation id. */
const answerHeadBytes = 8;

/** Rewrites the answers that pass, and hands the others on as they come. */
class Answers {
	readonly #asked: Asked;
	readonly #placeOf: PlaceOf;
	#kept: Buffer = Buffer.alloc(0);
	#left = 0;

	constructor(asked: Asked, placeOf: PlaceOf) {
		this.#asked = asked;
		this.#placeOf = placeOf;
	}

	pass(chunk: Buffer): Buffer[] {
		const out: Buffer[] = [];
		let bytes = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
		this.#kept = Buffer.alloc(0);
		while (bytes.length > 0) {
			if (this.#left > 0) {
				const passed = bytes.subarray(0, this.#left);
				out.push(passed);
				this.#left -= passed.length;
				bytes = bytes.subarray(passed.length);
				continue;
			}
			if (bytes.length < answerHeadBytes) break;
			const length = 4 + bytes.readInt32BE();
			const correlation = bytes.readInt32BE(4);
			const asked = this.#asked.get(correlation);
			if (asked === undefined) {
				this.#left = length;
				continue;
			}
			if (bytes.length < length) break;
			this.#asked.delete(correlation);
			out.push(rewritten(asked.api, asked.version, bytes.subarray(0, length), this.#placeOf));
			bytes = bytes.subarray(length);
		}
		this.#kept = bytes;
		return out;
	}
}
