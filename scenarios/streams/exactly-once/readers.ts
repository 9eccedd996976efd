import type { Consumer, EachBatchPayload, Kafka } from "kafkajs";
import { placeText, type Read, type Reading } from "./oracle/history.ts";
import type { Payment } from "./payments.ts";
import type { Taken } from "./posting.ts";
import { readPosting } from "./sinks/posting-messages.ts";

const sessionMs = 2_000;

/** Reads along a topic from its beginning, once, whatever happens to the brokers meanwhile. */
export class TopicReader {
	readonly #consumer: Consumer;
	readonly #topic: string;
	/** The offset after the last that was given to it, with what a transaction leaves beside its records. */
	readonly #next = new Map<number, number>();

	private constructor(consumer: Consumer, topic: string) {
		this.#consumer = consumer;
		this.#topic = topic;
	}

	static async open(
		kafka: Kafka,
		{
			topic,
			groupId,
			readUncommitted,
		}: { topic: string; groupId: string; readUncommitted: boolean },
		read: (batch: EachBatchPayload["batch"]) => void,
	): Promise<TopicReader> {
		const consumer = kafka.consumer({
			groupId,
			readUncommitted,
			maxWaitTimeInMs: 50,
			// A ghost of its own, from before a broker died, is waited for so long.
			sessionTimeout: sessionMs,
			rebalanceTimeout: sessionMs,
			heartbeatInterval: sessionMs / 10,
			retry: {
				initialRetryTime: 50,
				maxRetryTime: 500,
				retries: 1_000,
				restartOnFailure: async () => true,
			},
		});
		const reader = new TopicReader(consumer, topic);
		consumer.on("consumer.group_join", () => {
			for (const [partition, next] of reader.#next)
				consumer.seek({ topic, partition, offset: String(next) });
		});
		consumer.on("consumer.end_batch_process", ({ payload: { partition, lastOffset } }) => {
			reader.#next.set(partition, Number(lastOffset) + 1);
		});
		await consumer.connect();
		await consumer.subscribe({ topic, fromBeginning: true });
		await consumer.run({ autoCommit: false, eachBatch: async ({ batch }) => read(batch) });
		return reader;
	}

	/** How many offsets of a log that ends there are still to come. */
	behind(ends: readonly { partition: number; high: string }[]): number {
		return ends.reduce(
			(sum, { partition, high }) => sum + Number(high) - (this.#next.get(partition) ?? 0),
			0,
		);
	}

	get topic(): string {
		return this.#topic;
	}

	close(): Promise<void> {
		return this.#consumer.disconnect();
	}
}

/** A payment as the log has it. */
export type Logged = Payment & Taken;

/** Reads the payments into a list that grows. */
export async function readPayments(kafka: Kafka, topic: string, groupId: string) {
	const payments: Logged[] = [];
	const reader = await TopicReader.open(
		kafka,
		{ topic, groupId, readUncommitted: false },
		({ partition, messages }) => {
			for (const { offset, value } of messages)
				payments.push({ ...JSON.parse(String(value)), partition, offset: Number(offset) });
		},
	);
	return { reader, payments };
}

/** Reads the postings into a reading that grows. */
export async function readPostings(
	kafka: Kafka,
	topic: string,
	{ groupId, isolation }: { groupId: string; isolation: Reading["isolation"] },
) {
	const reads: Read[] = [];
	const reader = await TopicReader.open(
		kafka,
		{ topic, groupId, readUncommitted: isolation === "read_uncommitted" },
		({ partition, messages }) => {
			for (const message of messages) {
				const { posting, attempt } = readPosting(message);
				const { account, cents, seq, balanceCents } = posting;
				reads.push({
					place: { partition, offset: Number(message.offset) },
					source: { partition: posting.partition, offset: posting.offset },
					account,
					cents,
					seq,
					balanceCents,
					attempt,
				});
			}
		},
	);
	const reading: Reading = { reader: `${isolation} reader`, isolation, reads };
	return { reader, reading };
}

/** What of a reading is committed, by these places: as a reader has it that knows which transactions were aborted. */
export function committedOf({ reads }: Reading, places: ReadonlySet<string>): Reading {
	return {
		reader: "read_committed at the end",
		isolation: "read_committed",
		reads: reads.filter(({ place }) => places.has(placeText(place))),
	};
}
