import { KafkaError } from "../../base/kafka-errors.ts";
import type { Driver } from "../driver.ts";
import { clusterOf, connectUnless, KafkaClient, type KafkaTransport } from "../kafka-client.ts";
import { repeatMessage } from "../kafka-repeat.ts";
import { KafkaCluster } from "../wire/kafka-cluster.ts";
import { produce } from "../wire/kafka-produce.ts";
import { KafkaReading } from "../wire/kafka-read.ts";

declare module "../driver.ts" {
	interface DriverClients {
		"kafka-wire": KafkaClient;
	}
}

const mayHaveHappened = [
	"UNKNOWN_SERVER_ERROR",
	"REQUEST_TIMED_OUT",
	"NOT_ENOUGH_REPLICAS_AFTER_APPEND",
];

/**
 * Kafka for measuring: a batch is written once, into the request that carries it. Acknowledged by the leader, nothing
 * compressed, nothing sent twice. It consumes without a group, so that it leaves none behind.
 */
export default {
	speaks: ["kafka"],
	async open(at, { signal }) {
		const { brokers, security } = clusterOf("kafka-wire", at);
		const cluster = new KafkaCluster(brokers, security);
		await connectUnless(
			signal,
			async () => cluster.close(),
			() => cluster.open(),
		);
		return new KafkaClient(new WireTransport(cluster));
	},
	close: (client) => client.close(),
	classify: (error) =>
		error instanceof KafkaError
			? { kind: mayHaveHappened.includes(error.code) ? "unknown" : "fail", code: error.code }
			: null,
	repeat: repeatMessage,
	counters: (client) => client.counters(),
} satisfies Driver<KafkaClient>;

class WireTransport implements KafkaTransport {
	readonly requestsMax = 4;
	readonly #cluster: KafkaCluster;
	#reading: KafkaReading | null = null;
	#turn = 0;

	constructor(cluster: KafkaCluster) {
		this.#cluster = cluster;
	}

	get restarts(): number {
		return this.#reading?.restarts ?? 0;
	}

	async send(...[topic, messages]: Parameters<KafkaTransport["send"]>) {
		if (this.#reading?.broken) throw this.#reading.broken;
		// With neither key nor partition a whole batch goes to one partition, the next to the next one.
		return produce(this.#cluster, topic, messages, this.#turn++);
	}

	async consume(...[topic, onValue]: Parameters<KafkaTransport["consume"]>) {
		this.#reading = await KafkaReading.open(this.#cluster, topic, onValue);
	}

	async close() {
		this.#reading?.close();
		this.#cluster.close();
	}
}
