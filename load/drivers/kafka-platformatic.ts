import { Consumer, findErrorBy, GenericError, Producer, ProtocolError } from "@platformatic/kafka";
import { FaultlineError } from "../../base/errors.ts";
import type { Driver } from "../driver.ts";
import {
	brokersOf,
	connectUnless,
	KafkaClient,
	type KafkaTransport,
	repeatMessage,
} from "../kafka-client.ts";
import { TransportError } from "../outcome.ts";

declare module "../driver.ts" {
	interface DriverClients {
		"kafka-platformatic": KafkaClient;
	}
}

const latest = -1n;
const fetchBytes = 8 * 1024 * 1024;
const mayHaveHappened = ["REQUEST_TIMED_OUT", "NOT_ENOUGH_REPLICAS_AFTER_APPEND"];

/**
 * `@platformatic/kafka`, for measuring: several times as fast as `kafkajs` here. Acknowledged by the leader, nothing
 * sent twice. It consumes without a group, so that it leaves none behind.
 */
export default {
	speaks: ["kafka"],
	async open(at, { signal }) {
		const transport = await connect(brokersOf("kafka-platformatic", at), signal);
		return new KafkaClient(transport);
	},
	close: (client) => client.close(),
	classify(error) {
		if (!(error instanceof Error) || !GenericError.isGenericError(error)) return null;
		const refused = findErrorBy<ProtocolError>(error, "code", ProtocolError.code);
		if (refused === null) return { kind: "unknown", code: error.code };
		const code = String(refused.apiId ?? refused.code);
		return { kind: mayHaveHappened.includes(code) ? "unknown" : "fail", code };
	},
	repeat: repeatMessage,
	counters: (client) => ({ attempts: client.attempts }),
} satisfies Driver<KafkaClient>;

async function connect(brokers: string[], signal: AbortSignal): Promise<KafkaTransport> {
	const options = {
		clientId: "faultline-load",
		bootstrapBrokers: brokers,
		retries: 0,
		connectTimeout: 10_000,
		autocreateTopics: false,
	};
	const producer = new Producer({ ...options, acks: 1 });
	let consumer: Consumer | null = null;
	let closed = false;
	const close = async () => {
		closed = true;
		await Promise.allSettled([producer.close(true), consumer?.close(true)]);
	};
	try {
		await connectUnless(signal, close, () => producer.metadata({ topics: [] }));
	} catch (error) {
		await close();
		throw new TransportError("connect_failed", false, error);
	}
	let batch = 0;
	const partitions = new Map<string, number>();
	const partitionsOf = async (topic: string) => {
		const known = partitions.get(topic);
		if (known !== undefined) return known;
		const count = (await topicOf(producer, topic)).partitionsCount;
		partitions.set(topic, count);
		return count;
	};
	return {
		requestsMax: 4,
		async send(topic, messages) {
			// With neither key nor partition a whole batch goes to one partition, the next to the next one.
			const count = await partitionsOf(topic);
			const next = batch++ % count;
			await producer.send({
				messages: messages.map(({ key, value, partition }) => {
					if (key === null) return { topic, value, partition: partition ?? next };
					return partition === undefined ? { topic, key, value } : { topic, key, value, partition };
				}),
			});
		},
		async consume(topic, onValue) {
			const reader = new Consumer({ ...options, groupId: "faultline-load" });
			consumer = reader;
			reader.topics.track(topic);
			const { id, partitions } = await topicOf(reader, topic);
			const ends = (await reader.listOffsets({ topics: [topic], timestamp: latest })).get(topic)!;
			const byNode = new Map<number, Map<number, bigint>>();
			for (const [partition, { leader }] of partitions.entries()) {
				const offsets = byNode.get(leader) ?? new Map<number, bigint>();
				byNode.set(leader, offsets.set(partition, ends[partition]!));
			}
			for (const [node, offsets] of byNode) void read(node, offsets);

			async function read(node: number, offsets: Map<number, bigint>): Promise<void> {
				while (!closed) {
					const wanted = [...offsets].map(([partition, fetchOffset]) => ({
						...{ partition, fetchOffset, currentLeaderEpoch: -1, lastFetchedEpoch: -1 },
						partitionMaxBytes: fetchBytes,
					}));
					const response = await reader
						.fetch({
							...{ node, topics: [{ topicId: id, partitions: wanted }] },
							...{ minBytes: 1, maxBytes: fetchBytes, maxWaitTime: 100 },
						})
						// A broker that is away comes back, or the operations reach their deadline.
						.catch(() => null);
					if (response === null) {
						await new Promise((resolve) => setTimeout(resolve, 50));
						continue;
					}
					for (const { partitionIndex, records } of response.responses.flatMap((r) => r.partitions))
						for (const { firstOffset, lastOffsetDelta, records: batch } of records ?? []) {
							const from = offsets.get(partitionIndex)!;
							// A fetch answers with whole batches, of which the first may begin before what was asked for.
							for (const { offsetDelta, value } of batch)
								if (value !== null && firstOffset + BigInt(offsetDelta) >= from) onValue(value);
							offsets.set(partitionIndex, firstOffset + BigInt(lastOffsetDelta) + 1n);
						}
				}
			}
		},
		close,
	};
}

async function topicOf(client: Producer | Consumer, topic: string) {
	const found = (await client.metadata({ topics: [topic] })).topics.get(topic);
	if (found !== undefined && found.partitionsCount > 0) return found;
	throw new FaultlineError(
		"FLT_COMPONENT_MISSING",
		`the broker has no topic "${topic}"`,
		"create it first: a load creates nothing",
	);
}
