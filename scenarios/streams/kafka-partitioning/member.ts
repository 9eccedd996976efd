import kafkajs, { type Consumer } from "kafkajs";

export interface Offset {
	partition: number;
	offset: number;
}

export interface MemberOptions {
	brokers: string[];
	topic: string;
	group: string;
	/** Members get their partitions in turn, in the order of these names: who has which is no chance. */
	name: string;
	sessionTimeoutMs: number;
	heartbeatMs: number;
	/** With more, other members have not joined yet. */
	partitionsMax: number;
	/** A new division of the partitions: what comes from now on begins where the group had committed. */
	onAssigned(): void;
	/** New messages of one partition, in the order of the log. Returns at once. */
	onMessages(partition: number, messages: readonly { offset: number; value: Buffer }[]): void;
}

const fetchWaitMs = 25;

/**
 * A member of a consumer group that takes messages as they come and decides itself when it commits. It works on none of
 * them while it fetches, so that a slow partition keeps no other from being fetched.
 */
export class GroupMember {
	readonly #topic: string;
	readonly #consumer: Consumer;
	readonly #paused = new Set<number>();

	private constructor(topic: string, consumer: Consumer) {
		this.#topic = topic;
		this.#consumer = consumer;
	}

	/** Resolves with the first assignment that is not for more partitions than this member is to have. */
	static async join(options: MemberOptions): Promise<GroupMember> {
		const { brokers, topic, group, name, sessionTimeoutMs, heartbeatMs } = options;
		const consumer = new kafkajs.Kafka({
			clientId: name,
			brokers,
			logLevel: kafkajs.logLevel.NOTHING,
			retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 1_000 },
		}).consumer({
			groupId: group,
			sessionTimeout: sessionTimeoutMs,
			rebalanceTimeout: 5_000,
			heartbeatInterval: heartbeatMs,
			maxWaitTimeInMs: fetchWaitMs,
			maxBytesPerPartition: 1024 * 1024,
		});
		const member = new GroupMember(topic, consumer);
		await consumer.connect();
		await consumer.subscribe({ topic, fromBeginning: true });
		const joined = new Promise((resolve) => {
			consumer.on("consumer.group_join", ({ payload }) => {
				member.#paused.clear();
				options.onAssigned();
				const mine = payload.memberAssignment[topic] ?? [];
				if (mine.length <= options.partitionsMax) resolve(mine);
			});
		});
		await consumer.run({
			autoCommit: false,
			async eachBatch({ batch: { partition, messages } }) {
				const come: { offset: number; value: Buffer }[] = [];
				for (const { offset, value } of messages)
					if (value !== null) come.push({ offset: Number(offset), value });
				if (come.length > 0) options.onMessages(partition, come);
			},
		});
		await joined;
		return member;
	}

	/** Whether messages of this partition are fetched; they are until it is said otherwise. */
	setFetching(partition: number, fetching: boolean): void {
		if (fetching !== this.#paused.has(partition)) return;
		const topics = [{ topic: this.#topic, partitions: [partition] }];
		if (fetching) {
			this.#paused.delete(partition);
			this.#consumer.resume(topics);
		} else {
			this.#paused.add(partition);
			this.#consumer.pause(topics);
		}
	}

	/** Whether the group took these offsets; it does not where it has been divided anew. */
	async commit(offsets: readonly Offset[]): Promise<boolean> {
		try {
			await this.#consumer.commitOffsets(
				offsets.map(({ partition, offset }) => ({
					topic: this.#topic,
					partition,
					offset: String(offset),
				})),
			);
			return true;
		} catch {
			return false;
		}
	}

	/** Leaves the group, so that nobody waits for its session to run out. */
	async close(): Promise<void> {
		await this.#consumer.disconnect();
	}
}
