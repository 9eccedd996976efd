import type { KafkaMessage } from "../../load/kafka-client.ts";
import type { Direct } from "../contract/context.ts";

/** Every value that a topic holds now, in the order of each partition; past every proxy, and without a group. */
export async function valuesOf({ kafka }: Direct<"kafka">, topic: string): Promise<Buffer[]> {
	const [{ KafkaCluster }, { KafkaReading }] = await Promise.all([
		import("../../load/wire/kafka-cluster.ts"),
		import("../../load/wire/kafka-read.ts"),
	]);
	const cluster = new KafkaCluster(kafka.brokers, kafka.security ?? null);
	const values: Buffer[] = [];
	try {
		await cluster.open();
		await KafkaReading.whole(cluster, topic, (value) => values.push(value));
	} finally {
		cluster.close();
	}
	return values;
}

/** Messages of a request, and requests on their way at once. */
const [batchMax, requestsMax] = [2_000, 4];

/** Appends these to a topic, in batches; resolves with their number, rejects where one was not taken. */
export async function fillTopic(
	{ kafka }: Direct<"kafka">,
	topic: string,
	messages: Iterable<KafkaMessage>,
): Promise<number> {
	const [{ KafkaCluster }, { produce }] = await Promise.all([
		import("../../load/wire/kafka-cluster.ts"),
		import("../../load/wire/kafka-produce.ts"),
	]);
	const cluster = new KafkaCluster(kafka.brokers, kafka.security ?? null);
	const source = messages[Symbol.iterator]();
	let count = 0;
	const sendAll = async () => {
		for (;;) {
			const batch: KafkaMessage[] = [];
			for (let next = source.next(); !next.done; next = source.next())
				if (batch.push(next.value) === batchMax) break;
			if (batch.length === 0) return;
			const refusals = await produce(cluster, topic, batch, 0);
			const refused =
				refusals === null ? null : batch.map((_, place) => refusals(place)).find(Boolean);
			if (refused) throw refused;
			count += batch.length;
		}
	};
	try {
		await cluster.open();
		await Promise.all(Array.from({ length: requestsMax }, sendAll));
	} finally {
		cluster.close();
	}
	return count;
}
