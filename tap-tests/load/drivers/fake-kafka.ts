import { once } from "node:events";
import net from "node:net";
import type { Test } from "tap";
import { hostPortText } from "../../../base/host-port.ts";
import { AnswerReader, int16, int32, int64, isWhole, text } from "../../../base/kafka-protocol.ts";

const [produce, fetch, listOffsets, metadata] = [0, 1, 2, 3];
const [handshake, authenticate, describeConfigs] = [17, 36, 32];
const earliest = -2n;

/** A broker that leads all partitions of one topic, and answers as it is told to. */
export interface FakeKafka {
	address: string;
	/** Partitions that lead to an error code. */
	errors: Map<number, number>;
	/** Produce requests so far: the partitions of each. */
	produced: number[][];
	/** Metadata requests of the topic so far. */
	lookedUp: number;
	/** There is no such topic. */
	topicGone: boolean;
	/** 16 bytes; null for a broker from before there were ids. */
	topicId: Buffer | null;
	/** Batches of more bytes are refused; the topic's setting says so. */
	batchBytesMax: number;
	/** Where it takes no request before SASL: what to say to the words of a client, null to end it well. */
	sasl: ((words: Buffer) => Buffer | string) | null;
	/** The first offset that the log still has, and how often somebody asked for it. */
	logStart: bigint;
	askedForStart: number;
	/** Offsets that were fetched from partition 0. */
	fetched: bigint[];
	/** Answers to no produce request: it closes the connection. */
	drops: boolean;
	/** Nor to who looks for a topic's leaders. */
	dropsLookups: boolean;
	/** Partition 0 holds these bytes. */
	log: Buffer;
}

export async function fakeKafka(
	t: Test,
	topic: string,
	partitions: number,
	host = "127.0.0.1",
): Promise<FakeKafka> {
	const server = net.createServer((socket) => {
		const session: Session = { known: false };
		let received = Buffer.alloc(0);
		socket.on("error", () => {});
		socket.on("data", (bytes: Buffer) => {
			received = Buffer.concat([received, bytes]);
			while (isWhole(received)) {
				const end = 4 + received.readInt32BE();
				answer(received.subarray(0, end), socket, session);
				received = received.subarray(end);
			}
		});
	});
	server.listen(0, host);
	await once(server, "listening");
	const { port } = server.address() as net.AddressInfo;
	const self: FakeKafka = {
		address: hostPortText({ host, port }),
		errors: new Map(),
		produced: [],
		lookedUp: 0,
		topicGone: false,
		topicId: Buffer.alloc(16, 1),
		batchBytesMax: Number.POSITIVE_INFINITY,
		sasl: null,
		logStart: 0n,
		askedForStart: 0,
		fetched: [],
		drops: false,
		dropsLookups: false,
		log: Buffer.alloc(0),
	};
	t.teardown(() => server.close());

	function answer(request: Buffer, socket: net.Socket, session: Session): void {
		const read = new AnswerReader(request); // kind and version are where an answer has its correlation id
		const api = request.readInt16BE(4);
		const correlation = read.int32();
		read.text(); // client
		if (api === produce && self.drops) return void socket.destroy();
		if (api === metadata && self.dropsLookups) return void socket.destroy();
		if (self.sasl !== null && !session.known && api !== handshake && api !== authenticate)
			return void socket.destroy();
		if (api === metadata && request.readInt16BE(6) === 10 && self.topicId === null)
			return void socket.destroy();
		const body = answerTo(api, request.readInt16BE(6), read, session);
		socket.write(Buffer.concat([int32(4 + body.length), int32(correlation), body]));
	}

	function answerTo(api: number, version: number, read: AnswerReader, session: Session): Buffer {
		const all = Array.from({ length: partitions }, (_, partition) => partition);
		switch (api) {
			case handshake:
				return Buffer.concat([int16(self.sasl === null ? 34 : 0), int32(0)]);
			case authenticate: {
				const said = self.sasl?.(read.bytes()) ?? "";
				session.known = typeof said !== "string";
				if (typeof said === "string") return Buffer.concat([int16(58), text(said), int32(0)]);
				return Buffer.concat([int16(0), int16(-1), int32(said.length), said]);
			}
			case describeConfigs:
				return Buffer.concat([
					int32(0),
					int32(1),
					int16(0),
					int16(-1),
					Buffer.of(2),
					text(topic),
					int32(1),
					text("max.message.bytes"),
					text(`${self.batchBytesMax}`),
				]);
			case metadata:
				if (version === 1)
					return Buffer.concat([
						int32(1),
						int32(1),
						text(host),
						int32(port),
						int16(-1),
						int32(1),
						int32(0),
					]);
				if (version === 10) {
					const [none, name] = [Buffer.of(0), Buffer.from(topic)];
					const head = [none, int32(0), Buffer.of(1), none, int32(1), Buffer.of(2), int16(0)];
					return Buffer.concat([...head, Buffer.of(name.length + 1), name, self.topicId!, none]);
				}
				self.lookedUp++;
				if (self.topicGone)
					return Buffer.concat([
						int32(0),
						int32(0),
						text("cluster"),
						int32(1),
						int32(1),
						int16(3),
						text(topic),
						Buffer.alloc(1),
						int32(0),
					]);
				return Buffer.concat([
					int32(0),
					int32(1),
					int32(1),
					text(host),
					int32(port),
					int16(-1),
					text("cluster"),
					int32(1),
					int32(1),
					int16(0),
					text(topic),
					Buffer.alloc(1),
					int32(partitions),
					...all.map((partition) => partitionRow(partition)),
				]);
			case produce: {
				const rows = producedRows(read);
				self.produced.push(rows.map(([partition]) => partition));
				return Buffer.concat([
					int32(1),
					text(topic),
					int32(rows.length),
					...rows.map(([partition, bytes]) => {
						const tooLarge = bytes > self.batchBytesMax ? 10 : 0;
						const code = int16(self.errors.get(partition) ?? tooLarge);
						return Buffer.concat([int32(partition), code, int64(0n), int64(-1n), int64(0n)]);
					}),
					int32(0),
				]);
			}
			case listOffsets: {
				const asked = askedOffsets(read);
				if (asked[0]?.[1] === earliest) self.askedForStart++;
				const rows = asked.map(([partition, time]) =>
					Buffer.concat([
						int32(partition),
						int16(0),
						int64(-1n),
						int64(time === earliest ? self.logStart : 0n),
					]),
				);
				return Buffer.concat([int32(1), text(topic), int32(rows.length), ...rows]);
			}
			case fetch: {
				const from = fetchedFrom(read);
				self.fetched.push(from);
				const removed = from < self.logStart ? 1 : 0;
				const [first, code] = [int32(0), int16(self.errors.get(0) ?? removed)];
				const log = Buffer.concat([int32(self.log.length), self.log]);
				const offsets = [int64(0n), int64(0n), int64(self.logStart)];
				const row = Buffer.concat([first, code, ...offsets, int32(0), log]);
				const session = [int16(0), int32(0)];
				return Buffer.concat([int32(0), ...session, int32(1), text(topic), int32(1), row]);
			}
			default:
				throw new Error(`request ${api}`);
		}
	}

	function partitionRow(partition: number): Buffer {
		const replicas = Buffer.concat([int32(1), int32(1)]);
		return Buffer.concat([int16(0), int32(partition), int32(1), replicas, replicas]);
	}

	return self;
}

/** What a connection has proved. */
interface Session {
	known: boolean;
}

/** The partitions that a produce request holds batches for, and how many bytes each has. */
function producedRows(read: AnswerReader): (readonly [partition: number, bytes: number])[] {
	read.int16(); // transaction
	read.int16(); // acknowledgements
	read.int32(); // limit
	return read
		.list(() => {
			read.text();
			return read.list(() => [read.int32(), read.bytes().length] as const);
		})
		.flat();
}

function askedOffsets(read: AnswerReader): (readonly [partition: number, time: bigint])[] {
	read.int32(); // replica
	return read
		.list(() => {
			read.text();
			return read.list(() => [read.int32(), read.int64()] as const);
		})
		.flat();
}

/** From where partition 0 is fetched. */
function fetchedFrom(read: AnswerReader): bigint {
	for (let i = 0; i < 4; i++) read.int32(); // replica, times and sizes
	read.int8(); // isolation
	read.int32(); // session
	read.int32(); // its epoch
	const rows = read.list(() => {
		read.text();
		return read.list(() => {
			const partition = read.int32();
			read.int32(); // epoch
			const from = read.int64();
			read.int64(); // where the log begins
			read.int32(); // bytes
			return [partition, from] as const;
		});
	});
	return rows.flat().find(([partition]) => partition === 0)?.[1] ?? 0n;
}
