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
