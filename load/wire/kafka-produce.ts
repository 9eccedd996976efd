import { AnswerReader, int16, int32, text } from "../../base/kafka-protocol.ts";
import type { KafkaMessage, Refusals } from "../kafka-client.ts";
import { batchBytes, writeBatch } from "./kafka-batch.ts";
import type { KafkaCluster, Leaders } from "./kafka-cluster.ts";
import { partitionOfKey } from "./kafka-partitioner.ts";

/** Version 7, the last in which an answer says no more than whether each partition's batch was taken. */
const produceKind = { api: 0, version: 7 };
const leaderOnly = 1;
/** The broker's own limit for waiting, which with acknowledgement by the leader it does not. */
const timeoutMs = 30_000;

/** What a broker said of the messages to one of its partitions. */
export class KafkaRefusal extends Error {
	readonly code: string;

	constructor(code: string) {
		super(`the broker refuses the messages: ${code}`);
		this.name = "KafkaRefusal";
		this.code = code;
	}
}

/** Kafka's names of what a producer may be told. */
const codes: Record<number, string> = {
	[-1]: "UNKNOWN_SERVER_ERROR",
	2: "CORRUPT_MESSAGE",
	3: "UNKNOWN_TOPIC_OR_PARTITION",
	5: "LEADER_NOT_AVAILABLE",
	6: "NOT_LEADER_OR_FOLLOWER",
	7: "REQUEST_TIMED_OUT",
	8: "BROKER_NOT_AVAILABLE",
	10: "MESSAGE_TOO_LARGE",
	17: "INVALID_TOPIC_EXCEPTION",
	18: "RECORD_LIST_TOO_LARGE",
	19: "NOT_ENOUGH_REPLICAS",
	20: "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
	29: "TOPIC_AUTHORIZATION_FAILED",
	32: "INVALID_TIMESTAMP",
	44: "POLICY_VIOLATION",
	56: "KAFKA_STORAGE_ERROR",
	87: "INVALID_RECORD",
	89: "THROTTLING_QUOTA_EXCEEDED",
};

/** The messages of a request that go to one partition. */
interface Part {
	partition: number;
	messages: KafkaMessage[];
}

/**
 * Sends messages to the leaders of their partitions, each partition's as one batch. Resolves when each leader has
 * taken them or said why not, with what was refused.
 */
export async function produce(
	cluster: KafkaCluster,
	topic: string,
	messages: readonly KafkaMessage[],
	/** The partition of those with neither partition nor key, before it is divided by their number. */
	turn: number,
): Promise<Refusals | null> {
	const leaders = await cluster.leaders(topic);
	const partitionOf = partitionerOf(leaders.length, turn);
	const errors = new Map<number, unknown>();
	const sent = [...byLeader(messages, leaders, partitionOf)].map(async ([leader, parts]) => {
		try {
			if (leader === null) throw new KafkaRefusal("LEADER_NOT_AVAILABLE");
			const answer = await cluster.to(leader).ask(produceKind, bodyOf(topic, parts));
			readAnswer(answer, errors);
		} catch (error) {
			for (const { partition } of parts) errors.set(partition, error);
		}
	});
	await Promise.all(sent);
	if (errors.size === 0) return null;
	cluster.forget(topic);
	return (place) => errors.get(partitionOf(messages[place]!)) ?? null;
}

function partitionerOf(count: number, turn: number): (message: KafkaMessage) => number {
	return ({ partition, key }) =>
		partition ?? (key === null ? turn % count : partitionOfKey(key, count));
}

function byLeader(
	messages: readonly KafkaMessage[],
	leaders: Leaders,
	partitionOf: (message: KafkaMessage) => number,
): Map<string | null, Part[]> {
	const parts = new Map<number, Part>();
	for (const message of messages) {
		const partition = partitionOf(message);
		const part = parts.get(partition);
		if (part === undefined) parts.set(partition, { partition, messages: [message] });
		else part.messages.push(message);
	}
	return Map.groupBy(parts.values(), ({ partition }) => leaders[partition] ?? null);
}

function bodyOf(topic: string, parts: readonly Part[]): Buffer {
	const head = Buffer.concat([
		int16(-1), // no transaction
		...[int16(leaderOnly), int32(timeoutMs)],
		...[int32(1), text(topic), int32(parts.length)],
	]);
	const sizes = parts.map(({ messages }) => batchBytes(messages));
	const body = Buffer.allocUnsafe(sizes.reduce((sum, bytes) => sum + 8 + bytes, head.length));
	const timeMs = Date.now();
	let at = head.copy(body);
	for (const [i, { partition, messages }] of parts.entries()) {
		at = body.writeInt32BE(partition, at);
		at = body.writeInt32BE(sizes[i]!, at);
		at = writeBatch(body, at, messages, timeMs);
	}
	return body;
}

/** Adds what was refused, by partition. */
function readAnswer(answer: Buffer, errors: Map<number, unknown>): void {
	const read = new AnswerReader(answer);
	read.list(() => {
		read.text(); // topic
		return read.list(() => {
			const [partition, code] = [read.int32(), read.int16()];
			if (code !== 0) errors.set(partition, new KafkaRefusal(codes[code] ?? `KAFKA_${code}`));
			read.int64(); // first offset
			read.int64(); // time of appending
			read.int64(); // where the log begins
		});
	});
}
