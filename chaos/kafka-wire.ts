import { openSocket } from "./probe-socket.ts";

/** The few requests that no client library makes for us, byte by byte. Strings are int16 length and bytes. */

const client = "faultline";

/** A broker that takes longer hangs; whoever asks tries again, or asks another. */
const limitMs = 2_000;

const unknownTopic = 3;
/** The member is not in the group (any more), or there is no such group: gone is what was wanted. */
const unknownMember = 25;

const int32 = (value: number): Buffer => {
	const bytes = Buffer.alloc(4);
	bytes.writeInt32BE(value);
	return bytes;
};
const int16 = (value: number): Buffer => int32(value).subarray(2);
const int8 = (value: number): Buffer => int32(value).subarray(3);
const text = (value: string): Buffer => {
	const bytes = Buffer.from(value);
	return Buffer.concat([int16(bytes.length), bytes]);
};

/** A whole request: size, API key and version, correlation id, client, body. */
function request(key: number, version: number, ...body: Buffer[]): Buffer {
	const rest = Buffer.concat([int16(key), int16(version), int32(0), text(client), ...body]);
	return Buffer.concat([int32(rest.length), rest]);
}

export function isWhole(answer: Buffer): boolean {
	return answer.length >= 4 && answer.length >= 4 + answer.readInt32BE();
}

/** Reads an answer's body, field by field. */
class Reader {
	readonly #bytes: Buffer;
	#at = 8; // behind size and correlation id

	constructor(bytes: Buffer) {
		this.#bytes = bytes;
	}

	int32(): number {
		this.#at += 4;
		return this.#bytes.readInt32BE(this.#at - 4);
	}

	int16(): number {
		this.#at += 2;
		return this.#bytes.readInt16BE(this.#at - 2);
	}

	int8(): number {
		this.#at += 1;
		return this.#bytes.readInt8(this.#at - 1);
	}

	list<T>(item: () => T): T[] {
		return Array.from({ length: Math.max(0, this.int32()) }, item);
	}

	/** Address by id. */
	brokers(): Map<number, string> {
		const brokers = this.list(() => {
			const id = this.int32();
			const address = `${this.text()}:${this.int32()}`;
			this.text(); // rack
			return [id, address] as const;
		});
		return new Map(brokers);
	}

	/** Null is a length of -1. */
	text(): string {
		const length = Math.max(0, this.int16());
		this.#at += length;
		return this.#bytes.toString("utf8", this.#at - length, this.#at);
	}
}

/** Metadata v1 of no topic: which brokers are in the cluster. */
export const brokersRequest = request(3, 1, int32(0));

/** host:port of each broker that the answer to it names. */
export function brokersIn(answer: Buffer): string[] {
	return [...new Reader(answer).brokers().values()];
}

/** Metadata v4 of one topic; it does not create the topic, as earlier versions may. */
export function metadataRequest(topic: string): Buffer {
	return request(3, 4, int32(1), text(topic), int8(0));
}

/** One partition, as one broker knows it; brokers by their ids. */
export interface PartitionView {
	/** Null while there is none. */
	leader: number | null;
	replicas: number[];
	inSync: number[];
}

/** What the broker says of the topic: its partitions by number, or null where it knows no such topic. */
export function readMetadata(answer: Buffer): Map<number, PartitionView> | null {
	const read = new Reader(answer);
	read.int32(); // throttle time
	read.brokers();
	read.text(); // cluster
	read.int32(); // controller
	read.int32(); // topics
	const code = read.int16();
	if (code === unknownTopic) return null;
	if (code !== 0) throw new Error(`Kafka error ${code}`);
	read.text(); // its name
	read.int8(); // whether it is internal
	const partitions = read.list(() => {
		read.int16(); // without leader, this is an error
		const [partition, leader] = [read.int32(), read.int32()];
		const [replicas, inSync] = [read.list(() => read.int32()), read.list(() => read.int32())];
		return [partition, { leader: leader < 0 ? null : leader, replicas, inSync }] as const;
	});
	return new Map(partitions);
}

/** Asks one broker for a partition of a topic; null where it knows no such. */
export async function askPartition(
	address: string,
	topic: string,
	partition: number,
): Promise<PartitionView | null> {
	const partitions = readMetadata(await ask(address, metadataRequest(topic)));
	return partitions?.get(partition) ?? null;
}

/** Takes members out of a group as if they had left: LeaveGroup v3 (KIP-345), sent to the group's coordinator. */
export async function removeMembers(
	brokers: readonly string[],
	group: string,
	members: readonly string[],
): Promise<void> {
	const found = new Reader(await ask(brokers[0]!, request(10, 1, text(group), int8(0))));
	found.int32(); // throttle time
	check("FindCoordinator", found.int16());
	found.text(); // error message
	found.int32(); // node
	const coordinator = `${found.text()}:${found.int32()}`;
	const rows = members.map((member) => Buffer.concat([text(member), int16(-1)]));
	const left = new Reader(
		await ask(coordinator, request(13, 3, text(group), int32(rows.length), ...rows)),
	);
	left.int32(); // throttle time
	check("LeaveGroup", left.int16(), [unknownMember]);
}

function check(what: string, code: number, expected: number[] = []): void {
	if (code !== 0 && !expected.includes(code)) throw new Error(`${what}: Kafka error ${code}`);
}

async function ask(address: string, bytes: Buffer): Promise<Buffer> {
	const { hostname, port } = new URL(`tcp://${address}`);
	const socket = await openSocket(hostname, Number(port));
	const late = setTimeout(() => socket.destroy(), limitMs);
	try {
		return await socket.ask(bytes, isWhole);
	} finally {
		clearTimeout(late);
		socket.destroy();
	}
}
