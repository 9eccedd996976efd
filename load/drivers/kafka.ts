import { randomBytes } from "node:crypto";
import kafkajs from "kafkajs";
import { KafkaError } from "../../base/kafka-errors.ts";
import type { Driver } from "../driver.ts";
import {
	clusterOf,
	connectUnless,
	KafkaClient,
	type KafkaMessage,
	type KafkaTransport,
	messageBytes,
} from "../kafka-client.ts";
import { decompress } from "../kafka-codecs.ts";
import { kafkaOptions } from "../kafka-options.ts";
import { repeatMessage } from "../kafka-repeat.ts";
import { kafkajsError } from "../kafkajs-error.ts";
import type { Outcome } from "../outcome.ts";
import { KafkaCluster } from "../wire/kafka-cluster.ts";
import { isForGood } from "../wire/kafka-read.ts";

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
		return new KafkaClient(await connect(clusterOf("kafka", at), signal));
	},
	close: (client) => client.close(),
	classify(error): Outcome | null {
		if (!(error instanceof KafkaError)) return null;
		return { kind: mayHaveHappened.includes(error.code) ? "unknown" : "fail", code: error.code };
	},
	repeat: repeatMessage,
	counters: (client) => client.counters(),
} satisfies Driver<KafkaClient>;

/** kafkajs finds these codecs in a table of its own, by their numbers. */
function readCompressed(): void {
	const { Snappy, LZ4, ZSTD } = kafkajs.CompressionTypes;
	const known: Record<number, () => unknown> = kafkajs.CompressionCodecs;
	for (const codec of [Snappy, LZ4, ZSTD])
		known[codec] = () => ({
			compress: () => Promise.reject(new Error("a load compresses nothing")),
			decompress: async (bytes: Buffer) => decompress(codec, bytes),
		});
}

async function connect(
	{ brokers, security }: ReturnType<typeof clusterOf>,
	signal: AbortSignal,
): Promise<KafkaTransport> {
	readCompressed();
	// It says better than the library what keeps us from being let in, and what a topic takes.
	const cluster = new KafkaCluster(brokers, security);
	const options = {
		...kafkaOptions({ brokers, security }),
		clientId: "faultline-load",
		connectionTimeout: 10_000,
	};
	const kafka = new kafkajs.Kafka({ ...options, retry: { retries: 0 } });
	const producer = kafka.producer({ allowAutoTopicCreation: false, retry: { retries: 0 } });
	const closing: (() => Promise<void>)[] = [
		async () => cluster.close(),
		() => producer.disconnect(),
	];
	const close = async () => {
		await Promise.allSettled(closing.map((end) => end()));
	};
	await connectUnless(signal, close, async () => {
		await cluster.open();
		await producer.connect();
	});
	const reading = { restarts: 0, broken: null as Error | null };
	return {
		// Of several at once it sends now and then a later one first.
		requestsMax: 1,
		get restarts() {
			return reading.restarts;
		},
		async send(topic, messages) {
			if (reading.broken !== null) throw reading.broken;
			// The library tells of a request alone that it was refused, not of which partition's part: none is sent twice.
			const limit = await cluster.limitOf(topic);
			const errors: unknown[] = [];
			for (const part of partsOf(messages, limit)) {
				let error: unknown = null;
				try {
					await producer.send({ topic, acks: 1, messages: part });
				} catch (thrown) {
					error = kafkajsError(thrown, `${brokers.join()} refuses messages to "${topic}"`);
					if (error instanceof KafkaError && error.code === "MESSAGE_TOO_LARGE")
						error = new KafkaError(
							`a request with ${part.length} of ${part[0]!.value.length} bytes is more than "${topic}" takes`,
							"MESSAGE_TOO_LARGE",
							`its max.message.bytes${limit === null ? "" : ` is ${limit}`}`,
						);
				}
				errors.push(...part.map(() => error));
			}
			return errors.every((error) => error === null) ? null : (place) => errors[place];
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
			// Where what it would read is no more, it reads on at the beginning.
			await consumer.subscribe({ topics: [topic], fromBeginning: true });
			const joined = new Promise((resolve) => consumer.on("consumer.group_join", resolve));
			consumer.on("consumer.crash", ({ payload: { error } }) => {
				const unwrapped = kafkajsError(error, `reading of "${topic}"`);
				if (unwrapped instanceof KafkaError && isForGood(unwrapped)) reading.broken = unwrapped;
			});
			const ended = new Map(ends.map(({ partition, high }) => [partition, BigInt(high)]));
			/** The next offset by partition, from the first on that is not before the end there was. */
			const next = new Map<number, bigint>();
			await consumer.run({
				autoCommit: false,
				eachBatchAutoResolve: false,
				async eachBatch({ batch, resolveOffset }) {
					const { partition, messages } = batch;
					const first = BigInt(messages[0]?.offset ?? -1);
					const expected = next.get(partition);
					if (expected !== undefined && first >= 0n && first < expected) reading.restarts++;
					for (const { value, offset } of messages) {
						if (value !== null) onValue(value);
						resolveOffset(offset);
					}
					const after = BigInt(batch.lastOffset()) + 1n;
					if (expected !== undefined || first >= (ended.get(partition) ?? 0n))
						next.set(partition, after);
				},
			});
			await joined;
			for (const { partition, high } of ends) consumer.seek({ topic, partition, offset: high });
		},
		close,
	};
}

/** What a broker adds to the messages of a batch, at most. */
const batchHeadBytes = 100;

/** In parts of so many bytes, or of one message. */
function partsOf(messages: readonly KafkaMessage[], limit: number | null): KafkaMessage[][] {
	if (limit === null) return [[...messages]];
	const parts: KafkaMessage[][] = [];
	let bytes = Number.POSITIVE_INFINITY;
	for (const message of messages) {
		bytes += messageBytes(message);
		if (bytes > limit - batchHeadBytes) {
			parts.push([]);
			bytes = messageBytes(message);
		}
		parts.at(-1)!.push(message);
	}
	return parts;
}
