import { monotonicMs, pause } from "faultline/subject";
import kafkajs from "kafkajs";
import type { Attempts } from "./attempts.ts";
import { topicsOf } from "./names.ts";
import type { Taken } from "./posting.ts";
import type { Sink, SinkOptions } from "./sinks/sink.ts";

export interface ProcessingOptions {
	name: string;
	brokers: string[];
	/** What topics and the group begin with. */
	prefix: string;
	group: string;
	databaseUrl: string;
	sessionTimeoutMs: number;
	transactionTimeoutMs: number;
	idleTimeoutMs: number;
	/** Payments in one transaction, at most. */
	paymentsMax: number;
	openSink(options: SinkOptions): Promise<Sink>;
	attempts: Attempts;
}

export interface Processing {
	/** Partitions that it has taken, and works on. */
	readonly partitions: readonly number[];
	stop(): Promise<void>;
}

/**
 * Works through the payments of the partitions that the group gives us, in the order of each. There is one way to go on,
 * whatever happened: the partition is taken anew, which ends what was under way, and says where the work goes on.
 */
export async function startProcessing(options: ProcessingOptions): Promise<Processing> {
	const { name, brokers, prefix, group, attempts, sessionTimeoutMs, paymentsMax } = options;
	const kafka = new kafkajs.Kafka({
		clientId: name,
		brokers,
		logLevel: kafkajs.logLevel.NOTHING,
		retry: { initialRetryTime: 30, maxRetryTime: 300, retries: 1_000 },
	});
	const topics = topicsOf(prefix);
	const admin = kafka.admin();
	const consumer = kafka.consumer({
		groupId: group,
		sessionTimeout: sessionTimeoutMs,
		rebalanceTimeout: 5_000,
		heartbeatInterval: heartbeatMs,
		maxWaitTimeInMs: 50,
		retry: {
			initialRetryTime: 30,
			maxRetryTime: 300,
			retries: 1_000,
			restartOnFailure: async () => true,
		},
	});
	const taken = new Set<number>();
	// Whoever joins again knows nothing of what others have done meanwhile.
	consumer.on("consumer.group_join", () => taken.clear());
	const [sink] = await Promise.all([
		options.openSink({ ...options, kafka, admin, topics }),
		admin.connect(),
		consumer.connect(),
	]);
	await consumer.subscribe({ topic: topics.payments, fromBeginning: true });
	const running = consumer.run({
		autoCommit: false,
		eachBatchAutoResolve: false,
		async eachBatch({ batch, heartbeat, resolveOffset, commitOffsetsIfNecessary }) {
			const { topic, partition, messages } = batch;
			// kafkajs tells the group of us only between batches: who takes longer over one would be put out.
			const beating = setInterval(() => void heartbeat().catch(() => {}), heartbeatMs);
			try {
				if (!taken.has(partition)) {
					const sinceMs = monotonicMs();
					const next = await sink.take(partition);
					attempts.took(partition, next, sinceMs);
					taken.add(partition);
					consumer.seek({ topic, partition, offset: String(next) });
					return;
				}
				const some = messages.slice(0, paymentsMax);
				const payments = some.map(({ offset, value }) => readPayment(partition, offset, value));
				const next = payments.at(-1)!.offset + 1;
				const commitOffset = () =>
					commitOffsetsIfNecessary({
						topics: [{ topic, partitions: [{ partition, offset: String(next) }] }],
					});
				const offsets = payments.map(({ offset }) => offset);
				const done = await attempts.make(
					{ partition, offsets, atomic: sink.atomic },
					({ id, step }) => sink.write({ id, step, partition, payments, next, commitOffset }),
					sink.isFencing,
				);
				if (done) resolveOffset(some.at(-1)!.offset);
				else taken.delete(partition);
			} catch (error) {
				// It could not be taken: with the next batch, perhaps, if it is still ours then.
				console.error(`partition ${partition} could not be taken: ${String(error)}`);
				await pause(retryAfterMs);
			} finally {
				clearInterval(beating);
			}
		},
	});
	running.catch((error: unknown) => console.error(String(error)));
	return {
		get partitions() {
			return [...taken];
		},
		async stop() {
			await consumer.disconnect();
			await sink.close();
			await admin.disconnect();
		},
	};
}

const heartbeatMs = 100;
const retryAfterMs = 50;

function readPayment(partition: number, offset: string, value: Buffer | null): Taken {
	const { account, cents } = JSON.parse(String(value)) as Taken;
	return { partition, offset: Number(offset), account, cents };
}
