import { type Balance, post } from "../posting.ts";
import { Changelog, changelogMessages } from "./changelog.ts";
import { postingMessages } from "./posting-messages.ts";
import { committedOffset, isStranger, type Sink, type SinkOptions } from "./sink.ts";

/** The naive twin of `kafka-transaction`: sends the results, and commits the offsets after them. */
export async function kafkaAtLeastOnce(options: SinkOptions): Promise<Sink> {
	const { kafka, topics, group } = options;
	const changelog = await Changelog.open(kafka, topics.balances, group);
	const producer = kafka.producer({ maxInFlightRequests: 1 });
	await producer.connect();
	const owned = new Map<number, Map<string, Balance>>();

	return {
		atomic: false,
		isFencing: isStranger,

		async close() {
			await Promise.all([producer.disconnect(), changelog.close()]);
		},

		async take(partition) {
			const next = await committedOffset(options, partition);
			owned.set(partition, await changelog.at(partition, next));
			return next;
		},

		async write({ id, partition, payments, next, step, commitOffset }) {
			const before = owned.get(partition)!;
			const { postings, balances } = post(payments, (account) => before.get(account));
			await step("before-write");
			await producer.sendBatch({
				topicMessages: [
					{ topic: topics.postings, messages: postingMessages(postings, id) },
					{ topic: topics.balances, messages: changelogMessages(partition, balances, next) },
				],
			});
			for (const [account, balance] of balances) before.set(account, balance);
			await step("before-commit");
			await commitOffset();
			await step("after-commit");
		},
	};
}
