import type { Kafka, Message, Offsets, Producer } from "kafkajs";

/** Records of one partition, by topic. */
export type Records = Readonly<Record<string, readonly Pick<Message, "key" | "value">[]>>;

/** How far the group has come on a partition, with a note of whoever writes it. */
export interface Progress {
	group: string;
	topic: string;
	position: number;
	note: string;
}

export interface WriterOptions {
	name: string;
	partition: number;
	/** Awaited when all of a transaction is sent, so that a fault can strike there. */
	beforeCommit(): Promise<void>;
}

/**
 * Writes to one partition of several topics, in transactions. Whoever opens one shuts out all that were opened by its name
 * before: their open transaction is aborted, and whatever they still send is refused.
 */
export class FencedWriter {
	readonly #producer: Producer;
	readonly #partition: number;
	readonly #beforeCommit: () => Promise<void>;

	private constructor(producer: Producer, { partition, beforeCommit }: WriterOptions) {
		this.#producer = producer;
		this.#partition = partition;
		this.#beforeCommit = beforeCommit;
	}

	/** Others are shut out when the first `write` has returned: kafkajs asks for its epoch there. */
	static async open(kafka: Kafka, options: WriterOptions): Promise<FencedWriter> {
		const producer = kafka.producer({
			transactionalId: options.name,
			maxInFlightRequests: 1,
			allowAutoTopicCreation: false,
		});
		await producer.connect();
		return new FencedWriter(producer, options);
	}

	/** All of it, or nothing. Rejects where it is not known which; of a writer that has rejected nothing is written any more. */
	async write(records: Records, progress: Progress | null): Promise<void> {
		const transaction = await this.#producer.transaction();
		const topicMessages = Object.entries(records).map(([topic, messages]) => ({
			topic,
			messages: messages.map(({ key, value }) => ({ key, value, partition: this.#partition })),
		}));
		// First: kafkajs tries this again while the transaction before is not quite over, and what comes after it not.
		await transaction.sendBatch({ topicMessages });
		if (progress !== null)
			await transaction.sendOffsets({
				consumerGroupId: progress.group,
				...offsetsOf(this.#partition, progress),
			});
		await this.#beforeCommit();
		await transaction.commit();
	}

	async close(): Promise<void> {
		await this.#producer.disconnect();
	}
}

function offsetsOf(partition: number, { topic, position, note }: Progress): Offsets {
	// The library's types know of no metadata; its requests do.
	const committed = { partition, offset: String(position), metadata: note };
	return { topics: [{ topic, partitions: [committed] }] };
}
