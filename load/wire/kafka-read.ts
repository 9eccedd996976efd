import { pause } from "../../base/clock.ts";
import { KafkaError, kafkaErrorName } from "../../base/kafka-errors.ts";
import {
	AnswerReader,
	int8,
	int32,
	int64,
	requireSuccess,
	text,
} from "../../base/kafka-protocol.ts";
import { type Aborted, type LogRecord, readBatches, readCommitted } from "./kafka-batch.ts";
import type { KafkaCluster } from "./kafka-cluster.ts";
import type { KafkaConnection } from "./kafka-connection.ts";

const listOffsetsKind = { api: 2, version: 1 };
/** Version 10: brokers give batches that are compressed by zstd to no earlier one. */
const fetchKind = { api: 1, version: 10 };
const noReplica = -1;
const [noSession, noEpoch] = [0, -1];
const latest = -1n;
const earliest = -2n;
const notKnown = -1n;
const isolation = { uncommitted: 0, committed: 1 };
const fetchBytes = 8 * 1024 * 1024;
const fetchWaitMs = 100;
/** A broker that is away comes back, or the operations reach their deadline. */
const againAfterMs = 50;
/** What does not pass by waiting. */
const forGood = [
	"TOPIC_AUTHORIZATION_FAILED",
	"CLUSTER_AUTHORIZATION_FAILED",
	"INVALID_TOPIC_EXCEPTION",
	"UNSUPPORTED_COMPRESSION_TYPE",
	"UNSUPPORTED_VERSION",
	"SASL_AUTHENTICATION_FAILED",
	"UNSUPPORTED_SASL_MECHANISM",
	"INVALID_REQUEST",
	"UNREADABLE_BATCH",
];

/** Whether a reader that is told so will never read on. */
export function isForGood({ code }: KafkaError): boolean {
	return forGood.includes(code);
}

/** The topic, or the part of its log that was to be read, is no more. */
const gone = ["UNKNOWN_TOPIC_OR_PARTITION", "UNKNOWN_TOPIC_ID"];

/** How the batches of a fetch's answer are read; answers with the offset that follows them. */
interface Reader {
	reads: keyof typeof isolation;
	take(partition: number, batches: Buffer, from: bigint, aborted: readonly Aborted[]): bigint;
}

/** Reads a topic from its end on, without a group, so that it leaves none behind. */
export class KafkaReading {
	readonly #cluster: KafkaCluster;
	readonly #topic: string;
	readonly #reader: Reader;
	/** Next to read, by partition. */
	readonly #offsets = new Map<number, bigint>();
	/** Where the first open transaction begins, by partition; from there on nothing is committed yet. */
	readonly #stable = new Map<number, bigint>();
	/** For reading alone: an answer that waits for messages would keep others waiting. */
	readonly #connections = new Set<KafkaConnection>();
	readonly #closing = new AbortController();
	/** What keeps it from reading on, for good. */
	broken: KafkaError | null = null;
	/** How often it began anew at a log's start, all partitions at once being one time. */
	restarts = 0;
	/** The topic was gone: what it is when it is there again has a log of its own. */
	#topicGone = false;
	/** Of the topic whose log is read; null where no broker tells it. */
	#topicId: string | null = null;

	private constructor(cluster: KafkaCluster, topic: string, reader: Reader) {
		this.#cluster = cluster;
		this.#topic = topic;
		this.#reader = reader;
	}

	/** Resolves when it is known where the topic ends; from there on every value is read. */
	static async open(
		cluster: KafkaCluster,
		topic: string,
		onValue: (value: Buffer) => void,
	): Promise<KafkaReading> {
		const reading = new KafkaReading(cluster, topic, valuesTo(onValue));
		for (const [leader, partitions] of await reading.#byLeader())
			await reading.#seek(leader, partitions, latest);
		reading.#topicId = await cluster.topicId(topic);
		void reading.#readOn();
		return reading;
	}

	/** Reads each partition from its begin to where it ended when this was called; resolves then. Nothing is tried again. */
	static whole(
		cluster: KafkaCluster,
		topic: string,
		onValue: (value: Buffer) => void,
	): Promise<void> {
		return new KafkaReading(cluster, topic, valuesTo(onValue)).#readWhole();
	}

	/** The same of whole records, and only of those that are committed by then. */
	static committed(
		cluster: KafkaCluster,
		topic: string,
		onRecord: (partition: number, record: LogRecord) => void,
	): Promise<void> {
		return new KafkaReading(cluster, topic, {
			reads: "committed",
			take: (partition, batches, from, aborted) =>
				readCommitted(batches, from, aborted, (record) => onRecord(partition, record)),
		}).#readWhole();
	}

	async #readWhole(): Promise<void> {
		const leaders = await this.#byLeader();
		for (const [leader, partitions] of leaders) await this.#seek(leader, partitions, latest);
		const ends = new Map(this.#offsets);
		for (const [leader, partitions] of leaders) await this.#seek(leader, partitions, earliest);
		const isOpen = (partition: number) => {
			const offset = this.#offsets.get(partition)!;
			const stable = this.#stable.get(partition) ?? ends.get(partition)!;
			return (
				offset < ends.get(partition)! && (this.#reader.reads === "uncommitted" || offset < stable)
			);
		};
		const round = { over: false };
		try {
			await Promise.all(
				[...leaders].map(([leader, partitions]) =>
					this.#readFrom(leader, partitions, round, () => partitions.some(isOpen)),
				),
			);
		} finally {
			round.over = true;
			this.close();
		}
	}

	/** Reads on from there. */
	async #seek(leader: string, partitions: readonly number[], to: bigint): Promise<void> {
		const rows = partitions.map((partition) => Buffer.concat([int32(partition), int64(to)]));
		const body = [int32(noReplica), int32(1), text(this.#topic), int32(rows.length), ...rows];
		const answer = await this.#cluster.to(leader).ask(listOffsetsKind, Buffer.concat(body));
		const read = new AnswerReader(answer);
		read.list(() => {
			read.text(); // topic
			return read.list(() => {
				const partition = read.int32();
				requireSuccess(`ListOffsets of "${this.#topic}" by ${leader}`, read.int16());
				read.int64(); // time
				this.#offsets.set(partition, read.int64());
			});
		});
	}

	close(): void {
		this.#closing.abort();
		for (const connection of this.#connections) connection.destroy();
	}

	async #byLeader(): Promise<Map<string, number[]>> {
		const leaders = await this.#cluster.leaders(this.#topic);
		const partitions = [...leaders.keys()].filter((partition) => leaders[partition] !== null);
		return Map.groupBy(partitions, (partition) => leaders[partition]!);
	}

	/** Reads from all leaders at once, and begins anew with all where one of them fails. */
	async #readOn(): Promise<void> {
		const { signal } = this.#closing;
		let isAgain = false;
		while (!signal.aborted && this.broken === null) {
			const round = { over: false };
			try {
				const leaders = await this.#byLeader();
				if (isAgain) await this.#followTopic(leaders);
				isAgain = true;
				await Promise.all(
					[...leaders].map(([leader, partitions]) => this.#readFrom(leader, partitions, round)),
				);
			} catch (error) {
				round.over = true;
				if (error instanceof KafkaError && isForGood(error)) this.broken = error;
				this.#topicGone ||= error instanceof KafkaError && gone.includes(error.code);
				this.#cluster.forget(this.#topic);
				await pause(againAfterMs, signal).catch(() => {});
			}
		}
	}

	async #isAnother(): Promise<boolean> {
		const id = this.#topicId === null ? null : await this.#cluster.topicId(this.#topic);
		return id !== null && id !== this.#topicId;
	}

	/**
	 * Begins anew where the topic is another now. That a broker knows no such topic may also mean that it has not heard of
	 * it yet: the id tells.
	 */
	async #followTopic(leaders: Map<string, number[]>): Promise<void> {
		const id = this.#topicId === null ? null : await this.#cluster.topicId(this.#topic);
		if (this.#topicId !== null && id === null) throw new Error("nobody tells the topic's id now");
		if (id === null ? this.#topicGone : id !== this.#topicId) {
			if (leaders.size === 0) throw new Error("no partition of it has a leader yet");
			for (const [leader, partitions] of leaders) await this.#seek(leader, partitions, earliest);
			this.restarts++;
		}
		this.#topicId = id;
		this.#topicGone = false;
	}

	async #readFrom(
		leader: string,
		partitions: number[],
		round: { over: boolean },
		isWanted = () => true,
	): Promise<void> {
		const connection = this.#cluster.connect(leader);
		this.#connections.add(connection);
		try {
			while (!round.over && this.broken === null && isWanted()) {
				const answer = await connection.ask(fetchKind, this.#request(partitions));
				if (round.over) return;
				const removed = this.#take(leader, answer);
				if (removed.length === 0) continue;
				if (await this.#isAnother()) throw new Error("the topic is another now: all begins anew");
				await this.#seek(leader, removed, earliest);
				this.restarts++;
			}
		} finally {
			connection.destroy();
			this.#connections.delete(connection);
		}
	}

	#request(partitions: number[]): Buffer {
		const rows = partitions.map((partition) =>
			Buffer.concat([
				int32(partition),
				int32(noEpoch),
				int64(this.#offsets.get(partition) ?? 0n),
				int64(notKnown),
				int32(fetchBytes),
			]),
		);
		return Buffer.concat([
			int32(noReplica),
			int32(fetchWaitMs),
			int32(1),
			int32(fetchBytes),
			int8(isolation[this.#reader.reads]),
			int32(noSession),
			int32(noEpoch),
			int32(1),
			text(this.#topic),
			int32(rows.length),
			...rows,
			int32(0), // forgotten topics
		]);
	}

	/** The partitions whose log has no such offset any more. */
	#take(leader: string, answer: Buffer): number[] {
		const removed: number[] = [];
		const read = new AnswerReader(answer);
		read.int32(); // throttle time
		const what = `Fetch of "${this.#topic}" by ${leader}`;
		requireSuccess(what, read.int16());
		read.int32(); // session
		read.list(() => {
			read.text(); // topic
			return read.list(() => {
				const [partition, code] = [read.int32(), read.int16()];
				if (kafkaErrorName(code) === "OFFSET_OUT_OF_RANGE") removed.push(partition);
				else requireSuccess(what, code);
				read.int64(); // high watermark
				this.#stable.set(partition, read.int64());
				read.int64(); // where the log begins
				const aborted = read.list(() => ({ producer: read.int64(), first: read.int64() }));
				const from = this.#offsets.get(partition) ?? 0n;
				this.#offsets.set(partition, this.#reader.take(partition, read.bytes(), from, aborted));
			});
		});
		return removed;
	}
}

function valuesTo(onValue: (value: Buffer) => void): Reader {
	return {
		reads: "uncommitted",
		take: (_partition, batches, from) => readBatches(batches, from, onValue),
	};
}
