import { pause } from "../../base/clock.ts";
import {
	AnswerReader,
	int8,
	int32,
	int64,
	requireSuccess,
	text,
} from "../../base/kafka-protocol.ts";
import { readBatches } from "./kafka-batch.ts";
import { connectionTo, type KafkaCluster } from "./kafka-cluster.ts";
import type { KafkaConnection } from "./kafka-connection.ts";

const listOffsetsKind = { api: 2, version: 1 };
const fetchKind = { api: 1, version: 4 };
const noReplica = -1;
const latest = -1n;
const readUncommitted = 0;
const fetchBytes = 8 * 1024 * 1024;
const fetchWaitMs = 100;
/** A broker that is away comes back, or the operations reach their deadline. */
const againAfterMs = 50;

/** Reads a topic from its end on, without a group, so that it leaves none behind. */
export class KafkaReading {
	readonly #cluster: KafkaCluster;
	readonly #topic: string;
	readonly #onValue: (value: Buffer) => void;
	/** Next to read, by partition. */
	readonly #offsets = new Map<number, bigint>();
	/** For reading alone: an answer that waits for messages would keep others waiting. */
	readonly #connections = new Set<KafkaConnection>();
	readonly #closing = new AbortController();
	/** What keeps it from reading on, for good. */
	broken: Error | null = null;

	private constructor(cluster: KafkaCluster, topic: string, onValue: (value: Buffer) => void) {
		this.#cluster = cluster;
		this.#topic = topic;
		this.#onValue = onValue;
	}

	/** Resolves when it is known where the topic ends; from there on every value is read. */
	static async open(
		cluster: KafkaCluster,
		topic: string,
		onValue: (value: Buffer) => void,
	): Promise<KafkaReading> {
		const reading = new KafkaReading(cluster, topic, onValue);
		for (const [leader, partitions] of await reading.#byLeader()) {
			const rows = partitions.map((partition) => Buffer.concat([int32(partition), int64(latest)]));
			const body = [int32(noReplica), int32(1), text(topic), int32(rows.length), ...rows];
			const answer = await cluster.to(leader).ask(listOffsetsKind, Buffer.concat(body));
			const read = new AnswerReader(answer);
			read.list(() => {
				read.text(); // topic
				return read.list(() => {
					const partition = read.int32();
					requireSuccess("ListOffsets", read.int16());
					read.int64(); // time
					reading.#offsets.set(partition, read.int64());
				});
			});
		}
		void reading.#readOn();
		return reading;
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
		while (!signal.aborted && this.broken === null) {
			const round = { over: false };
			try {
				const leaders = await this.#byLeader();
				await Promise.all(
					[...leaders].map(([leader, partitions]) => this.#readFrom(leader, partitions, round)),
				);
			} catch {
				round.over = true;
				this.#cluster.forget(this.#topic);
				await pause(againAfterMs, signal).catch(() => {});
			}
		}
	}

	async #readFrom(leader: string, partitions: number[], round: { over: boolean }): Promise<void> {
		const connection = connectionTo(leader);
		this.#connections.add(connection);
		try {
			while (!round.over && this.broken === null) {
				const answer = await connection.ask(fetchKind, this.#request(partitions));
				if (!round.over) this.#take(answer);
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
				int64(this.#offsets.get(partition) ?? 0n),
				int32(fetchBytes),
			]),
		);
		return Buffer.concat([
			...[int32(noReplica), int32(fetchWaitMs), int32(1), int32(fetchBytes), int8(readUncommitted)],
			...[int32(1), text(this.#topic), int32(rows.length), ...rows],
		]);
	}

	#take(answer: Buffer): void {
		const read = new AnswerReader(answer);
		read.int32(); // throttle time
		read.list(() => {
			read.text(); // topic
			return read.list(() => {
				const partition = read.int32();
				requireSuccess("Fetch", read.int16());
				read.int64(); // high watermark
				read.int64(); // last stable offset
				// Transactions that were aborted: producer, first offset.
				read.list(() => [read.int64(), read.int64()]);
				this.#takeBatches(partition, read.bytes());
			});
		});
	}

	#takeBatches(partition: number, batches: Buffer): void {
		const from = this.#offsets.get(partition) ?? 0n;
		try {
			this.#offsets.set(partition, readBatches(batches, from, this.#onValue));
		} catch (error) {
			this.broken = error as Error;
		}
	}
}
