import { type KafkaMessage, messageBytes } from "../../load/kafka-client.ts";
import type { KafkaCluster } from "../../load/wire/kafka-cluster.ts";
import type { Direct } from "../contract/context.ts";

// What topics hold, past every proxy and without a group. The client is loaded where it is used: the load's thread plans
// with the same files.

/** Every value that a topic holds now, in the order of each partition. */
export async function valuesOf(direct: Direct<"kafka">, topic: string): Promise<Buffer[]> {
	const values: Buffer[] = [];
	const { KafkaReading } = await import("../../load/wire/kafka-read.ts");
	await withCluster(direct, (cluster) =>
		KafkaReading.whole(cluster, topic, (value) => values.push(value)),
	);
	return values;
}

/** A record that a topic holds. */
export interface HeldRecord {
	partition: number;
	offset: number;
	/** Null where it has none. */
	key: string | null;
	/** Null where its key has no value any more. */
	value: Buffer | null;
}

/** Every record that a topic holds now and that is committed, in the order of each partition. */
export async function recordsOf(direct: Direct<"kafka">, topic: string): Promise<HeldRecord[]> {
	const records: HeldRecord[] = [];
	const { KafkaReading } = await import("../../load/wire/kafka-read.ts");
	await withCluster(direct, (cluster) =>
		KafkaReading.committed(cluster, topic, (partition, { offset, key, value }) =>
			records.push({
				partition,
				offset: Number(offset),
				key: key === null ? null : String(key),
				value,
			}),
		),
	);
	return records;
}

/** Half of what brokers take in a batch by default: all of a request may be for one partition. */
const requestBytes = 500_000;

/**
 * Appends messages to a topic; resolves with their number, throws where one is refused. With one request under way at a
 * time they are in their order on each partition.
 */
export async function appendTo(
	direct: Direct<"kafka">,
	topic: string,
	messages: Iterable<KafkaMessage>,
	requestsAtOnce = 1,
): Promise<number> {
	const { produce } = await import("../../load/wire/kafka-produce.ts");
	let count = 0;
	await withCluster(direct, async (cluster) => {
		const requests = requestsOf(messages);
		const sendAll = async () => {
			for (const request of requests) {
				const errorOf = await produce(cluster, topic, request, 0);
				const error =
					errorOf && request.map((_, place) => errorOf(place)).find((one) => one !== null);
				if (error) throw error;
				count += request.length;
			}
		};
		await Promise.all(Array.from({ length: requestsAtOnce }, sendAll));
	});
	return count;
}

function* requestsOf(messages: Iterable<KafkaMessage>): Generator<KafkaMessage[]> {
	let [request, bytes]: [KafkaMessage[], number] = [[], 0];
	for (const message of messages) {
		request.push(message);
		bytes += messageBytes(message);
		if (bytes <= requestBytes) continue;
		yield request;
		[request, bytes] = [[], 0];
	}
	if (request.length > 0) yield request;
}

async function withCluster(
	{ kafka }: Direct<"kafka">,
	action: (cluster: KafkaCluster) => Promise<void>,
): Promise<void> {
	const { KafkaCluster } = await import("../../load/wire/kafka-cluster.ts");
	const cluster = new KafkaCluster(kafka.brokers, kafka.security ?? null);
	try {
		await cluster.open();
		await action(cluster);
	} finally {
		cluster.close();
	}
}
