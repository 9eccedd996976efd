import net from "node:net";
import type { Test } from "tap";
import type { PartitionView } from "../../base/kafka-metadata.ts";

/** Brokers that answer to metadata requests with what they are told of partition 0, 1 or 2 of any topic. */
export interface FakeBrokers {
	addresses: string[];
	/** Of every partition; null where no topic is known. */
	view: PartitionView | null;
	/** Requests so far. */
	asked: number;
	/** Nobody listens at this one's address any more; ids count from 1. */
	end(id: number): void;
}

export async function fakeBrokers(t: Test, count: number): Promise<FakeBrokers> {
	const answer = () => {
		self.asked += 1;
		return self.view;
	};
	const servers = Array.from({ length: count }, () => new FakeBroker(answer));
	t.teardown(() => servers.map((server) => server.end()));
	const self: FakeBrokers = {
		addresses: await Promise.all(servers.map((server) => server.listen())),
		view: null,
		asked: 0,
		end: (id) => servers[id - 1]!.end(),
	};
	return self;
}

class FakeBroker {
	readonly #server: net.Server;
	readonly #sockets = new Set<net.Socket>();

	constructor(view: () => PartitionView | null) {
		this.#server = net.createServer((socket) => {
			this.#sockets.add(socket);
			socket.on("error", () => {}).on("data", () => socket.write(metadata(view())));
		});
	}

	async listen(): Promise<string> {
		await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
		return `127.0.0.1:${(this.#server.address() as net.AddressInfo).port}`;
	}

	end(): void {
		this.#server.close();
		for (const socket of this.#sockets) socket.destroy();
	}
}

const partitions = [0, 1, 2];
const unknownTopic = 3;

/** An answer to Metadata v4 of one topic. */
function metadata(view: PartitionView | null): Buffer {
	const rows = view === null ? [] : partitions.map((partition) => partitionRow(partition, view));
	const body = Buffer.concat([
		int32(0),
		int32(0), // correlation id, throttle time
		int32(1),
		int32(1),
		text("127.0.0.1"),
		int32(1),
		int16(-1), // one broker, without rack
		text("cluster"),
		int32(1),
		int32(1),
		int16(view === null ? unknownTopic : 0),
		text("topic"),
		Buffer.of(0),
		int32(rows.length),
		...rows,
	]);
	return Buffer.concat([int32(body.length), body]);
}

function partitionRow(partition: number, { leader, replicas, inSync }: PartitionView): Buffer {
	const list = (ids: number[]) => Buffer.concat([int32(ids.length), ...ids.map(int32)]);
	const head = [int16(leader === null ? 5 : 0), int32(partition), int32(leader ?? -1)];
	return Buffer.concat([...head, list(replicas), list(inSync)]);
}

function int32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeInt32BE(value);
	return bytes;
}

function int16(value: number): Buffer {
	return int32(value).subarray(2);
}

function text(value: string): Buffer {
	return Buffer.concat([int16(value.length), Buffer.from(value)]);
}
