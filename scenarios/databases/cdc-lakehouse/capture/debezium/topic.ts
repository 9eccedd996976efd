import { pause } from "faultline/subject";
import kafkajs, { type Kafka } from "kafkajs";

/** A record as it lies in the topic. */
export interface TopicRecord {
	offset: number;
	value: string | null;
}

export interface TopicReading {
	/** Rejects when it has broken; it does not end by itself. */
	readonly broken: Promise<never>;
	/** Tells whoever watches the group how far it is; nobody goes on from there. */
	commit(offset: number): Promise<void>;
	close(): Promise<void>;
}

export interface TopicOptions {
	brokers: readonly string[];
	topic: string;
	group: string;
	/** After so long a reader that says nothing is dead to the group, and the next one gets the topic. */
	sessionMs: number;
}

export function kafkaOf({ brokers, group }: TopicOptions): Kafka {
	return new kafkajs.Kafka({
		clientId: group,
		brokers: [...brokers],
		logLevel: kafkajs.logLevel.NOTHING,
		requestTimeout: 5_000,
		retry: { initialRetryTime: 20, maxRetryTime: 250, retries: 20 },
	});
}

/** Makes the topic where there is none: of one partition, for it is one log, and kept for as long as somebody may begin anew. */
export async function makeLogTopic(kafka: Kafka, topic: string): Promise<void> {
	const admin = kafka.admin();
	await admin.connect();
	try {
		const configEntries = [{ name: "retention.ms", value: "-1" }];
		await admin.createTopics({ topics: [{ topic, numPartitions: 1, configEntries }] });
	} finally {
		await admin.disconnect();
	}
}

/** Behind the last record that the topic has. */
export async function endOf(kafka: Kafka, topic: string): Promise<number> {
	const admin = kafka.admin();
	await admin.connect();
	try {
		return Number((await admin.fetchTopicOffsets(topic))[0]!.high);
	} finally {
		await admin.disconnect();
	}
}

export function consumerOf(kafka: Kafka, { group, sessionMs }: TopicOptions) {
	return kafka.consumer({
		groupId: group,
		sessionTimeout: sessionMs,
		rebalanceTimeout: sessionMs,
		heartbeatInterval: Math.ceil(sessionMs / 4),
		maxWaitTimeInMs: 50,
		maxBytesPerPartition: 4 * 1_024 * 1_024,
	});
}

/**
 * Reads the topic from an offset on, record by record; the next is not read before `onRecord` has resolved. Where the group
 * believes that it was is never asked.
 */
export function readTopic(
	options: TopicOptions,
	from: number,
	onRecord: (record: TopicRecord) => Promise<void> | null,
): TopicReading {
	const { topic, sessionMs } = options;
	const consumer = consumerOf(kafkaOf(options), options);
	let next = from;
	let isOver = false;
	const over = Promise.withResolvers<void>();
	const end = () => {
		isOver = true;
		over.resolve();
	};
	const broken = new Promise<never>((_, reject) => {
		const fail = (error: unknown) => {
			end();
			reject(error);
		};
		consumer.on("consumer.crash", ({ payload: { error } }) => fail(error));
		consumer.on("consumer.group_join", () =>
			consumer.seek({ topic, partition: 0, offset: String(next) }),
		);
		/** What is to be waited for before the next record; null where nothing is. */
		const taken = ({ offset, value }: TopicRecord): Promise<void> | null => {
			if (offset > next)
				throw new Error(`${topic} goes on at ${offset}, and what is needed begins at ${next}`);
			// It is not read again, even if the group is divided anew while it is waited for.
			next = offset + 1;
			return onRecord({ offset, value })?.catch(fail) ?? null;
		};
		const run = async () => {
			await consumer.connect();
			await consumer.subscribe({ topic, fromBeginning: true });
			await consumer.run({
				autoCommit: false,
				async eachBatch({ batch, heartbeat }) {
					for (const { offset, value } of batch.messages) {
						const at = Number(offset);
						// Of before a seek that has not been heeded yet.
						if (at < next) continue;
						if (isOver) return;
						let work: Promise<void> | null;
						try {
							work = taken({ offset: at, value: value === null ? null : String(value) });
						} catch (error) {
							return fail(error);
						}
						if (work !== null) await beating([work, over.promise], heartbeat, sessionMs / 4);
					}
				},
			});
		};
		run().catch(fail);
	});
	broken.catch(() => {}); // heard by whoever waits for it
	return {
		broken,
		async commit(offset) {
			await consumer.commitOffsets([{ topic, partition: 0, offset: String(offset) }]);
		},
		async close() {
			end();
			await consumer.disconnect().catch(() => {});
		},
	};
}

/** Waits for the first of these, and stays a member of the group meanwhile. */
async function beating(
	waitedFor: readonly Promise<void>[],
	heartbeat: () => Promise<void>,
	everyMs: number,
): Promise<void> {
	let isDone = false;
	const done = Promise.race(waitedFor).then(() => {
		isDone = true;
	});
	for (;;) {
		await Promise.race([done, pause(everyMs)]);
		if (isDone) return;
		await heartbeat();
	}
}
