import { pause } from "faultline/subject";
import type { Consumer, Kafka, Message } from "kafkajs";
import type { Balance } from "../posting.ts";

/** The key under which a transaction leaves the offset that it commits beside the balances that are right there. */
const positionKey = "~position";
const lookEveryMs = 2;
const sessionMs = 2_000;
const limitMs = 5_000;

/** What one partition's committed transactions have left, as far as it has been read. */
interface Table {
	next: number;
	balances: Map<string, Balance>;
}

/**
 * The processors' memory: a compacted topic with the last balance of each account, in the partition of its payments. Each
 * process reads along all of it, and so has the balances of a partition ready when it takes it over. It is read with
 * `read_committed`: what an aborted transaction wrote was never there.
 */
export class Changelog {
	readonly #consumer: Consumer;
	readonly #tables = new Map<number, Table>();

	private constructor(consumer: Consumer) {
		this.#consumer = consumer;
	}

	static async open(kafka: Kafka, topic: string, group: string): Promise<Changelog> {
		// A group of its own, for kafkajs reads no other way: it has all partitions, and commits nothing.
		const consumer = kafka.consumer({
			groupId: `${group}-memory-${process.pid}-${Date.now()}`,
			readUncommitted: false,
			maxWaitTimeInMs: 50,
			// A ghost of ours, from before a broker died, is waited for so long.
			sessionTimeout: sessionMs,
			rebalanceTimeout: sessionMs,
			heartbeatInterval: sessionMs / 10,
			retry: {
				initialRetryTime: 30,
				maxRetryTime: 300,
				retries: 1_000,
				restartOnFailure: async () => true,
			},
		});
		const changelog = new Changelog(consumer);
		await consumer.connect();
		await consumer.subscribe({ topic, fromBeginning: true });
		await consumer.run({
			autoCommitInterval: 1_000,
			async eachBatch({ batch: { partition, messages } }) {
				for (const { key, value } of messages)
					changelog.#read(partition, String(key), JSON.parse(String(value)));
			},
		});
		return changelog;
	}

	#read(partition: number, key: string, value: Balance | number): void {
		const table = this.#tables.get(partition) ?? { next: 0, balances: new Map() };
		this.#tables.set(partition, table);
		if (typeof value === "number") table.next = value;
		else table.balances.set(key, value);
	}

	/** The balances of a partition where its payments before this offset are done; waits until that has been read. */
	async at(partition: number, next: number): Promise<Map<string, Balance>> {
		const giveUpAt = performance.now() + limitMs;
		while ((this.#tables.get(partition)?.next ?? 0) < next) {
			if (performance.now() > giveUpAt)
				throw new Error(`the balances of partition ${partition} are not at ${next} yet`);
			await pause(lookEveryMs);
		}
		return new Map(this.#tables.get(partition)?.balances);
	}

	close(): Promise<void> {
		return this.#consumer.disconnect();
	}
}

/** What is sent to the changelog with the work up to this offset. */
export function changelogMessages(
	partition: number,
	balances: ReadonlyMap<string, Balance>,
	next: number,
): Message[] {
	const entries: [string, Balance | number][] = [...balances, [positionKey, next]];
	return entries.map(([key, value]) => ({ partition, key, value: JSON.stringify(value) }));
}
