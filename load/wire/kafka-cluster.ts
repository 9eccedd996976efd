import { FaultlineError, messageOf } from "../../base/errors.ts";
import type { KafkaSecurity } from "../../base/kafka-address.ts";
import { KafkaError } from "../../base/kafka-errors.ts";
import {
	brokersRequestBody,
	brokersRequestKind,
	readTopic,
	readTopicId,
	topicIdRequestBody,
	topicIdRequestKind,
	topicRequestBody,
	topicRequestKind,
} from "../../base/kafka-metadata.ts";
import { TransportError } from "../outcome.ts";
import { KafkaConnection } from "./kafka-connection.ts";
import { limitRequestBody, limitRequestKind, readLimit } from "./kafka-limit.ts";

/** Addresses (host:port) of the leaders of a topic's partitions, by their numbers; null where there is none. */
export type Leaders = readonly (string | null)[];

/** The brokers of a cluster: a connection to each that is spoken to, and who leads which partition. */
export class KafkaCluster {
	/** Where to ask: what was given, and who was heard of since. */
	readonly #known: Set<string>;
	readonly #connections = new Map<string, KafkaConnection>();
	readonly #leaders = new Map<string, Promise<Leaders>>();
	readonly #limits = new Map<string, Promise<number | null>>();
	readonly #security: KafkaSecurity | null;
	#closed = false;
	/** It has answered: it is spoken to as it wants. */
	#opened = false;

	constructor(brokers: readonly string[], security: KafkaSecurity | null) {
		this.#known = new Set(brokers);
		this.#security = security;
	}

	/** Resolves when one of the brokers answers: one that takes a connection may want another way to be spoken to. */
	async open(): Promise<void> {
		try {
			await this.#any((connection) => connection.ask(brokersRequestKind, brokersRequestBody));
			this.#opened = true;
		} catch (cause) {
			this.close();
			throw new FaultlineError(
				"FLT_COMPONENT_MISSING",
				`no connection to ${[...this.#known].join()} can be made: ${messageOf(cause instanceof TransportError ? cause.cause : cause)}`,
				"start the broker, or correct the endpoint",
				cause,
			);
		}
	}

	/** Who leads the topic's partitions; asked once, and again after `forget`. */
	leaders(topic: string): Promise<Leaders> {
		const known = this.#leaders.get(topic);
		if (known !== undefined) return known;
		const asked = this.#ask(topic);
		this.#leaders.set(topic, asked);
		asked.catch(() => {
			if (this.#leaders.get(topic) === asked) this.#leaders.delete(topic);
		});
		return asked;
	}

	/** What is known of a topic's leaders does not hold any more. */
	forget(topic: string): void {
		this.#leaders.delete(topic);
	}

	/** The connection to this broker, made anew where it was lost. */
	to(broker: string): KafkaConnection {
		const there = this.#connections.get(broker);
		if (there?.usable) return there;
		if (this.#closed) throw new TransportError("closed", false);
		const made = this.connect(broker);
		this.#connections.set(broker, made);
		return made;
	}

	/** A connection of its own to this broker, which whoever asked for it destroys. */
	connect(broker: string): KafkaConnection {
		return new KafkaConnection(broker, this.#security, this.#opened);
	}

	/**
	 * The id of the topic, which changes where it is made anew. Null where nobody tells it: brokers before 2.8 end a
	 * connection that asks, so that it is one of its own.
	 */
	async topicId(topic: string): Promise<string | null> {
		for (const broker of this.#known) {
			const connection = this.connect(broker);
			try {
				const id = readTopicId(await connection.ask(topicIdRequestKind, topicIdRequestBody(topic)));
				if (id !== null) return id;
			} catch {
				// The next one may know it.
			} finally {
				connection.destroy();
			}
		}
		return null;
	}

	/** How many bytes a batch of the topic may have; null where the broker does not tell. Asked once. */
	limitOf(topic: string): Promise<number | null> {
		const known = this.#limits.get(topic);
		if (known !== undefined) return known;
		const asked = this.#any((connection) =>
			connection.ask(limitRequestKind, limitRequestBody(topic)),
		).then(readLimit, () => null);
		this.#limits.set(topic, asked);
		return asked;
	}

	close(): void {
		this.#closed = true;
		for (const connection of this.#connections.values()) connection.destroy();
	}

	async #ask(topic: string): Promise<Leaders> {
		const view = readTopic(
			await this.#any((connection) => connection.ask(topicRequestKind, topicRequestBody(topic))),
		);
		if (view === null || view.partitions.size === 0)
			throw new KafkaError(
				`${[...this.#known].join()} has no topic "${topic}"`,
				"UNKNOWN_TOPIC_OR_PARTITION",
				"create it first: a load creates nothing",
			);
		for (const broker of view.brokers.values()) this.#known.add(broker);
		return Array.from({ length: view.partitions.size }, (_, partition) => {
			const leader = view.partitions.get(partition)?.leader ?? null;
			return leader === null ? null : (view.brokers.get(leader) ?? null);
		});
	}

	/** What the first broker says that is there and lets us in, in their order. It changes nothing, so that any may do it. */
	async #any<T>(ask: (connection: KafkaConnection) => Promise<T>): Promise<T> {
		let failure: unknown;
		for (const broker of this.#known)
			try {
				const connection = this.to(broker);
				await connection.ready();
				return await ask(connection);
			} catch (error) {
				failure = error;
			}
		throw failure;
	}
}
