import { once } from "node:events";
import net from "node:net";
import type { Test } from "tap";
import { AnswerReader, int16, int32, int64, isWhole, text } from "../../../base/kafka-protocol.ts";

const [produce, fetch, listOffsets, metadata] = [0, 1, 2, 3];

/** A broker that leads all partitions of one topic, and answers as it is told to. */
export interface FakeKafka {
	address: string;
	/** Partitions that lead to an error code. */
	errors: Map<number, number>;
	/** Produce requests so far: the partitions of each. */
	produced: number[][];
	/** Metadata requests of the topic so far. */
	lookedUp: number;
	/** Answers to no produce request: it closes the connection. */
	drops: boolean;
	/** Partition 0 holds these bytes. */
	log: Buffer;
}

export async function fakeKafka(t: Test, topic: string, partitions: number): Promise<FakeKafka> {
	const server = net.createServer((socket) => {
		let received = Buffer.alloc(0);
		socket.on("error", () => {});
		socket.on("data", (bytes: Buffer) => {
			received = Buffer.concat([received, bytes]);
			while (isWhole(received)) {
				const end = 4 + received.readInt32BE();
				answer(received.subarray(0, end), socket);
				received = received.subarray(end);
			}
		});
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as net.AddressInfo;
	const self: FakeKafka = {
		...{ address: `127.0.0.1:${port}`, errors: new Map(), produced: [], lookedUp: 0 },
		...{ drops: false, log: Buffer.alloc(0) },
	};
	t.teardown(() => server.close());

	function answer(request: Buffer, socket: net.Socket): void {
		const read = new AnswerReader(request); // kind and version are where an answer has its correlation id
		const api = request.readInt16BE(4);
		const correlation = read.int32();
		read.text(); // client
		if (api === produce && self.drops) return void socket.destroy();
		const body = answerTo(api, read);
		socket.write(Buffer.concat([int32(4 + body.length), int32(correlation), body]));
	}

	function answerTo(api: number, read: AnswerReader): Buffer {
		const all = Array.from({ length: partitions }, (_, partition) => partition);
		switch (api) {
			case metadata:
				self.lookedUp++;
				return Buffer.concat([
					...[int32(0), int32(1), int32(1), text("127.0.0.1"), int32(port), int16(-1)],
					...[text("cluster"), int32(1), int32(1), int16(0), text(topic), Buffer.alloc(1)],
					...[int32(partitions), ...all.map((partition) => partitionRow(partition))],
				]);
			case produce: {
				const rows = producedRows(read);
				self.produced.push(rows);
				return Buffer.concat([
					...[int32(1), text(topic), int32(rows.length)],
					...rows.map((partition) => {
						const code = int16(self.errors.get(partition) ?? 0);
						return Buffer.concat([int32(partition), code, int64(0n), int64(-1n), int64(0n)]);
					}),
					int32(0),
				]);
			}
			case listOffsets: {
				const rows = all.map((partition) =>
					Buffer.concat([int32(partition), int16(0), int64(-1n), int64(0n)]),
				);
				return Buffer.concat([int32(1), text(topic), int32(partitions), ...rows]);
			}
			case fetch: {
				const [first, code] = [int32(0), int16(self.errors.get(0) ?? 0)];
				const log = Buffer.concat([int32(self.log.length), self.log]);
				const row = Buffer.concat([first, code, int64(0n), int64(0n), int32(0), log]);
				return Buffer.concat([int32(0), int32(1), text(topic), int32(1), row]);
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

/** The partitions that a produce request holds batches for. */
function producedRows(read: AnswerReader): number[] {
	read.int16(); // transaction
	read.int16(); // acknowledgements
	read.int32(); // limit
	return read
		.list(() => {
			read.text();
			return read.list(() => {
				const partition = read.int32();
				read.bytes();
				return partition;
			});
		})
		.flat();
}
