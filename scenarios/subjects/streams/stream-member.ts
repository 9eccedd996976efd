import kafkajs, { type Admin, type Consumer, type Kafka } from "kafkajs";
import { coPartitioned } from "./co-partitions.ts";
import { FencedWriter } from "./fenced-writer.ts";
import type { PartitionJob } from "./partition-job.ts";
import { type Committed, type Message, PartitionSession } from "./partition-session.ts";
import { watermarkIn } from "./watermark.ts";

export interface MemberOptions<Cause> {
	brokers: string[];
	/** Members get their partitions in turn, in the order of these names. */
	name: string;
	group: string;
	input: string;
	/** Compacted, with as many partitions as the input. */
	changelog: string;
	/** The topic of results that a job calls so; with as many partitions as the input. */
	topicOf(name: string): string;
	sessionTimeoutMs: number;
	/** How long a broker gathers messages for a fetch, and so for a transaction. */
	gatherMs: number;
	/** How often a partition on which nothing comes is asked for, and the others' time; null where its time is its own affair. */
	quietLookMs: number | null;
	jobOf(partition: number): PartitionJob<Cause>;
	/** A transaction is sent and not committed; awaited. */
	beforeCommit(): Promise<void>;
	onSession(session: PartitionSession<Cause>): void;
	onCommitted(committed: Committed<Cause>): void;
	/** A session has failed: its transaction was refused, or nobody knows what became of it. */
	onFailed(partition: number, error: unknown): void;
	/** It has left the group for good. */
	onCrash(error: Error): void;
}

/** Fetched at once from a partition at most, and so in one transaction: a second's worth at most of one core's work. */
const fetchBytes = 512 * 1024;
/** From here on a broker waits no longer for more. */
const enoughBytes = 64 * 1024;

/**
 * A member of a consumer group whose partitions have a state each. Two topics are read, each partition by the same member:
 * the changelog until a session has restored its state, from then on the input.
 */
export class StreamMember<Cause> {
	readonly #options: MemberOptions<Cause>;
	readonly #kafka: Kafka;
	readonly #consumer: Consumer;
	readonly #admin: Admin;
	readonly #sessions = new Map<number, PartitionSession<Cause>>();
	/** Sessions that have had nothing to do since the last look. */
	readonly #quiet = new Set<PartitionSession<Cause>>();
	#looking: NodeJS.Timeout | null = null;
	#isStopped = false;
	#whenReady = () => {};

	private constructor(options: MemberOptions<Cause>) {
		this.#options = options;
		const { brokers, name, group, sessionTimeoutMs, gatherMs } = options;
		this.#kafka = new kafkajs.Kafka({
			clientId: name,
			brokers,
			logLevel: kafkajs.logLevel.NOTHING,
			requestTimeout: 5_000,
			// Soon, for a transaction begins while the one before is not quite over; and again and again, for a broker
			// that is gone comes back.
			retry: { initialRetryTime: 10, multiplier: 1.5, maxRetryTime: 250, retries: 1_000 },
		});
		this.#admin = this.#kafka.admin();
		this.#consumer = this.#kafka.consumer({
			groupId: group,
			partitionAssigners: [coPartitioned],
			sessionTimeout: sessionTimeoutMs,
			rebalanceTimeout: 5_000,
			heartbeatInterval: Math.min(250, sessionTimeoutMs / 4),
			maxWaitTimeInMs: gatherMs,
			minBytes: enoughBytes,
			maxBytesPerPartition: fetchBytes,
			// Else a session could restore what was aborted.
			readUncommitted: false,
		});
	}

	/** Resolves when all that it was given is restored. */
	static async join<Cause>(options: MemberOptions<Cause>): Promise<StreamMember<Cause>> {
		const member = new StreamMember(options);
		await member.#join();
		return member;
	}

	/** Its partitions, and where it has come to on each. */
	get positions(): Record<number, number> {
		const ready = [...this.#sessions.values()].filter(({ isReady }) => isReady);
		return Object.fromEntries(ready.map(({ partition, position }) => [partition, position]));
	}

	/** Leaves the group, so that nobody waits for its session to run out. */
	async stop(): Promise<void> {
		this.#isStopped = true;
		if (this.#looking !== null) clearTimeout(this.#looking);
		await this.#consumer.disconnect();
		await Promise.all([...this.#sessions.values()].map((session) => session.close()));
		await this.#admin.disconnect();
	}

	async #join(): Promise<void> {
		const { input, changelog } = this.#options;
		const consumer = this.#consumer;
		const ready = new Promise<void>((resolve) => {
			this.#whenReady = resolve;
		});
		await Promise.all([this.#admin.connect(), consumer.connect()]);
		await consumer.subscribe({ topics: [input, changelog], fromBeginning: true });
		consumer.on("consumer.group_join", ({ payload }) =>
			this.#divided(payload.memberAssignment[input] ?? []),
		);
		// Whoever hears back is a member still: one that was taken for dead must not shut out its successor.
		consumer.on("consumer.heartbeat", () => this.#openAgain());
		consumer.on("consumer.crash", ({ payload: { error, restart } }) => {
			if (!restart) this.#options.onCrash(error);
		});
		await consumer.run({
			autoCommit: false,
			partitionsConsumedConcurrently: 64,
			eachBatch: async ({ batch, heartbeat }) => {
				const { topic, partition, messages } = batch;
				const session = this.#sessions.get(partition);
				if (session === undefined) return;
				if (topic === changelog) return this.#restore(session, messages);
				await heartbeat();
				await this.#process(session, messages, Number(batch.lastOffset()) + 1);
			},
		});
		await ready;
		this.#lookLater();
	}

	/** The partitions were divided anew: what stays goes on, what is new begins. */
	#divided(partitions: readonly number[]): void {
		for (const [partition, session] of this.#sessions)
			if (!partitions.includes(partition) || !session.isReady) this.#drop(session);
		for (const partition of partitions) {
			const session = this.#sessions.get(partition);
			if (session === undefined) this.#open(partition);
			else this.#readInput(session);
		}
		this.#tellReady();
	}

	/** Also where the last that was not restored yet has gone to somebody else. */
	#tellReady(): void {
		if ([...this.#sessions.values()].every(({ isReady }) => isReady)) this.#whenReady();
	}

	#open(partition: number): void {
		const { input, changelog, topicOf, group, jobOf, onCommitted } = this.#options;
		this.#pause(input, partition);
		this.#pause(changelog, partition);
		const session = new PartitionSession<Cause>({
			partition,
			group,
			input,
			changelog,
			topicOf,
			openWriter: () =>
				FencedWriter.open(this.#kafka, {
					name: `${group}-${partition}`,
					partition,
					beforeCommit: this.#options.beforeCommit,
				}),
			job: jobOf(partition),
			onCommitted,
		});
		this.#sessions.set(partition, session);
		session.fence().then(
			() => {
				if (this.#sessions.get(partition) === session) this.#readFrom(changelog, partition, 0);
			},
			(error: unknown) => this.#failed(session, error),
		);
	}

	#restore(session: PartitionSession<Cause>, messages: readonly Message[]): void {
		if (session.isReady || !session.restore(messages)) return;
		this.#pause(this.#options.changelog, session.partition);
		this.#readInput(session);
		this.#options.onSession(session);
		this.#tellReady();
	}

	async #process(
		session: PartitionSession<Cause>,
		messages: readonly Message[],
		to: number,
	): Promise<void> {
		this.#quiet.delete(session);
		try {
			await session.process(messages, to);
		} catch (error) {
			this.#failed(session, error);
		}
	}

	#readInput(session: PartitionSession<Cause>): void {
		this.#pause(this.#options.changelog, session.partition);
		this.#readFrom(this.#options.input, session.partition, session.position);
	}

	#readFrom(topic: string, partition: number, offset: number): void {
		this.#consumer.seek({ topic, partition, offset: String(offset) });
		this.#consumer.resume([{ topic, partitions: [partition] }]);
	}

	#pause(topic: string, partition: number): void {
		this.#consumer.pause([{ topic, partitions: [partition] }]);
	}

	#drop(session: PartitionSession<Cause>): void {
		this.#sessions.delete(session.partition);
		this.#quiet.delete(session);
		session.close().catch(() => {});
	}

	/** It stays among the sessions until somebody says that we are still members. */
	#failed(session: PartitionSession<Cause>, error: unknown): void {
		if (session.isOver || this.#isStopped) return;
		this.#options.onFailed(session.partition, error);
		this.#pause(this.#options.input, session.partition);
		session.close().catch(() => {});
	}

	#openAgain(): void {
		for (const session of this.#sessions.values())
			if (session.isOver) this.#open(session.partition);
	}

	#lookLater(): void {
		const { quietLookMs } = this.#options;
		if (quietLookMs === null) return;
		this.#looking = setTimeout(() => {
			this.#look()
				.catch(() => {}) // a broker that is away: the next look will tell
				.finally(() => {
					if (!this.#isStopped) this.#lookLater();
				});
		}, quietLookMs);
	}

	/** Lets time go on where nothing comes. The others are asked before the end of the log is. */
	async #look(): Promise<void> {
		const { group, input } = this.#options;
		const quiet = [...this.#quiet];
		for (const session of this.#sessions.values()) if (session.isReady) this.#quiet.add(session);
		if (quiet.length === 0) return;
		const [committed] = await this.#admin.fetchOffsets({ groupId: group, topics: [input] });
		const othersMs = (committed?.partitions ?? []).map(({ metadata }) => watermarkIn(metadata));
		const ends = await this.#admin.fetchTopicOffsets(input);
		await Promise.all(
			quiet.map(async (session) => {
				const end = ends.find(({ partition }) => partition === session.partition);
				if (end === undefined) return;
				try {
					await session.waitWith(othersMs, Number(end.high));
				} catch (error) {
					this.#failed(session, error);
				}
			}),
		);
	}
}
