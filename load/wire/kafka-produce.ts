import { KafkaError, kafkaErrorName } from "../../base/kafka-errors.ts";
import { AnswerReader, int16, int32, text } from "../../base/kafka-protocol.ts";
import { BatchTooLarge, type KafkaMessage, type Refusals } from "../kafka-client.ts";
import { TransportError } from "../outcome.ts";
import { batchBytes, writeBatch } from "./kafka-batch.ts";
import type { KafkaCluster, Leaders } from "./kafka-cluster.ts";
import { partitionOfKey } from "./kafka-partitioner.ts";

/** Version 7, the last in which an answer says no more than whether each partition's batch was taken. */
const produceKind = { api: 0, version: 7 };
const leaderOnly = 1;
/** The broker's own limit for waiting, which with acknowledgement by the leader it does not. */
const timeoutMs = 30_000;

const tooLarge = ["MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE"];

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
	const leaders = await leadersOf(cluster, topic);
	const partitionOf = partitionerOf(leaders.length, turn);
	const errors = new Map<number, unknown>();
	const sent = [...byLeader(messages, leaders, partitionOf)].map(async ([leader, parts]) => {
		const who = leader ?? "the cluster";
		const refused = (partition: number, code: string) =>
			new KafkaError(`${who} refuses messages to partition ${partition} of "${topic}"`, code);
		try {
			if (leader === null)
				for (const { partition } of parts)
					errors.set(partition, refused(partition, "LEADER_NOT_AVAILABLE"));
			else {
				const answer = await cluster.to(leader).ask(produceKind, bodyOf(topic, parts));
				for (const [partition, code] of readAnswer(answer))
					errors.set(partition, refused(partition, code));
			}
		} catch (error) {
			for (const { partition } of parts) errors.set(partition, error);
		}
		await Promise.all(
			parts.map(async ({ partition, messages }) => {
				const error = errors.get(partition);
				if (!(error instanceof KafkaError) || !isTooLarge(error)) return;
				if (messages.length > 1) errors.set(partition, new BatchTooLarge(topic));
				else errors.set(partition, await withLimit(cluster, topic, messages[0]!, error));
			}),
		);
	});
	await Promise.all(sent);
	if (errors.size === 0) return null;
	if ([...errors.values()].some((error) => !isTooLarge(error))) cluster.forget(topic);
	return (place) => errors.get(partitionOf(messages[place]!)) ?? null;
}

/** That something is too large says nothing against whom it was sent to. */
function isTooLarge(error: unknown): boolean {
	if (error instanceof BatchTooLarge) return true;
	return error instanceof KafkaError && tooLarge.includes(error.code);
}

/** Whatever keeps us from knowing the leaders, no message was sent. */
async function leadersOf(cluster: KafkaCluster, topic: string): Promise<Leaders> {
	try {
		return await cluster.leaders(topic);
	} catch (error) {
		if (!(error instanceof TransportError)) throw error;
		throw new TransportError(error.code, false, error.cause);
	}
}

/** The refusal of a single message that is too large, with the limit that it is larger than. */
async function withLimit(
	cluster: KafkaCluster,
	topic: string,
	message: KafkaMessage,
	{ code }: KafkaError,
): Promise<KafkaError> {
	const limit = await cluster.limitOf(topic);
	const what = `a batch of ${batchBytes([message])} bytes, with one message in it, is more than "${topic}" takes`;
	return new KafkaError(what, code, `its max.message.bytes${limit === null ? "" : ` is ${limit}`}`);
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
		int16(leaderOnly),
		int32(timeoutMs),
		int32(1),
		text(topic),
		int32(parts.length),
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

/** Why which partition's messages were refused. */
function readAnswer(answer: Buffer): Map<number, string> {
	const refused = new Map<number, string>();
	const read = new AnswerReader(answer);
	read.list(() => {
		read.text(); // topic
		return read.list(() => {
			const [partition, code] = [read.int32(), read.int16()];
			if (code !== 0) refused.set(partition, kafkaErrorName(code));
			read.int64(); // first offset
			read.int64(); // time of appending
			read.int64(); // where the log begins
		});
	});
	return refused;
}
