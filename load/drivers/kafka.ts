import { randomBytes } from "node:crypto";
import kafkajs, { type KafkaJSProtocolError } from "kafkajs";
import type { Driver } from "../driver.ts";
import {
	brokersOf,
	connectUnless,
	KafkaClient,
	type KafkaTransport,
	repeatMessage,
} from "../kafka-client.ts";
import type { Outcome } from "../outcome.ts";

declare module "../driver.ts" {
	interface DriverClients {
		kafka: KafkaClient;
	}
}

/** What the broker says of a message it may have taken. Any other answer of its own means that it did not. */
const mayHaveHappened = ["REQUEST_TIMED_OUT", "NOT_ENOUGH_REPLICAS_AFTER_APPEND", "UNKNOWN"];

/** `kafkajs`, without retries of its own: acknowledged by the leader. */
export default {
	speaks: ["kafka"],
	async open(at, { signal }) {
		const transport = await connect(brokersOf("kafka", at), signal);
		return new KafkaClient(transport);
	},
	close: (client) => client.close(),
	classify(error): Outcome | null {
		if (!(error instanceof kafkajs.KafkaJSError)) return null;
		const code = (error as KafkaJSProtocolError).type ?? error.name;
		if (error.name !== "KafkaJSProtocolError") return { kind: "unknown", code };
		return { kind: mayHaveHappened.includes(code) ? "unknown" : "fail", code };
	},
	repeat: repeatMessage,
	counters: (client) => ({ attempts: client.attempts }),
} satisfies Driver<KafkaClient>;

async function connect(brokers: string[], signal: AbortSignal): Promise<KafkaTransport> {
	const options = {
		brokers,
		clientId: "faultline-load",
		logLevel: kafkajs.logLevel.NOTHING,
		connectionTimeout: 10_000,
	};
	const kafka = new kafkajs.Kafka({ ...options, retry: { retries: 0 } });
	const producer = kafka.producer({ allowAutoTopicCreation: false, retry: { retries: 0 } });
	const closing: (() => Promise<void>)[] = [() => producer.disconnect()];
	const close = async () => {
		await Promise.allSettled(closing.map((end) => end()));
	};
	await connectUnless(signal, close, () => producer.connect());
	return {
		// Of several at once it sends now and then a later one first.
		requestsMax: 1,
		async send(topic, messages) {
			await producer.send({ topic, acks: 1, messages: [...messages] });
			return null;
		},
		async consume(topic, onValue) {
			// Reading sends nothing twice, and a broker needs a moment before its first group has a coordinator.
			const patient = new kafkajs.Kafka({
				...options,
				retry: { retries: 10, initialRetryTime: 50 },
			});
			const admin = patient.admin();
			await admin.connect();
			const ends = await admin.fetchTopicOffsets(topic);
			const groupId = `faultline-load-${randomBytes(6).toString("hex")}`;
			const consumer = patient.consumer({ groupId, maxWaitTimeInMs: 100, minBytes: 1 });
			closing.push(async () => {
				await consumer.disconnect();
				await admin.deleteGroups([groupId]);
				await admin.disconnect();
			});
			await consumer.connect();
			await consumer.subscribe({ topics: [topic] });
			const joined = new Promise((resolve) => consumer.on("consumer.group_join", resolve));
			await consumer.run({
				autoCommit: false,
				eachBatchAutoResolve: false,
				async eachBatch({ batch, resolveOffset }) {
					for (const { value, offset } of batch.messages) {
						if (value !== null) onValue(value);
						resolveOffset(offset);
					}
				},
			});
			await joined;
			for (const { partition, high } of ends) consumer.seek({ topic, partition, offset: high });
		},
		close,
	};
}
