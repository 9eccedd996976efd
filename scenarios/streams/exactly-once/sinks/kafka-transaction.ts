import type { Producer } from "kafkajs";
import { type Balance, post } from "../posting.ts";
import { Changelog, changelogMessages } from "./changelog.ts";
import { postingMessages } from "./posting-messages.ts";
import { committedOffset, isOldProducer, type Sink, type SinkOptions } from "./sink.ts";

/**
 * Postings, balances and the offsets of the payments go into one Kafka transaction. kafkajs commits offsets into a
 * transaction by a version of the protocol without the group's generation (TxnOffsetCommit 1; the generation came with 3,
 * KIP-447), so that the group can't fence who has been left behind. The transactional id does: there is one for each
 * partition of the input, and whoever takes that over fences the one before.
 */
export async function kafkaTransaction(options: SinkOptions): Promise<Sink> {
	const { kafka, topics, group, transactionTimeoutMs } = options;
	const changelog = await Changelog.open(kafka, topics.balances, group);
	const producers = new Map<number, Producer>();
	const memory = new Map<number, Map<string, Balance>>();

	/** One in which kafkajs is in the middle of something can't be used again, and is fenced by the next like anybody's. */
	async function newProducer(partition: number): Promise<Producer> {
		producers
			.get(partition)
			?.disconnect()
			.catch(() => {});
		const producer = kafka.producer({
			transactionalId: `${group}-${partition}`,
			transactionTimeout: transactionTimeoutMs,
			maxInFlightRequests: 1,
			idempotent: true,
		});
		producers.set(partition, producer);
		await producer.connect();
		return producer;
	}

	return {
		atomic: true,
		isFencing: isOldProducer,

		async take(partition) {
			const producer = await newProducer(partition);
			// To begin one fences the producer before, and ends what that had begun, either way. Nothing is in this one.
			await (await producer.transaction()).abort();
			// Only now: asked for earlier, it could be that of before a transaction which was just being committed.
			const next = await committedOffset(options, partition);
			memory.set(partition, await changelog.at(partition, next));
			return next;
		},

		async write({ id, partition, payments, next, step }) {
			const before = memory.get(partition)!;
			const { postings, balances } = post(payments, (account) => before.get(account));
			await step("before-write");
			const transaction = await producers.get(partition)!.transaction();
			await transaction.sendBatch({
				topicMessages: [
					{ topic: topics.postings, messages: postingMessages(postings, id) },
					{ topic: topics.balances, messages: changelogMessages(partition, balances, next) },
				],
			});
			await transaction.sendOffsets({
				consumerGroupId: group,
				topics: [{ topic: topics.payments, partitions: [{ partition, offset: String(next) }] }],
			});
			await step("before-commit");
			await transaction.commit();
			for (const [account, balance] of balances) before.set(account, balance);
			await step("after-commit");
		},

		async close() {
			const ends = [...producers.values()].map((producer) => producer.disconnect());
			await Promise.all([...ends, changelog.close()]);
		},
	};
}
