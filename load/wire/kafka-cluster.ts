import { FaultlineError, messageOf } from "../../base/errors.ts";
import { readTopic, topicRequestBody, topicRequestKind } from "../../base/kafka-metadata.ts";
import { TransportError } from "../outcome.ts";
import { KafkaConnection } from "./kafka-connection.ts";
import { addressOf } from "./socket.ts";

/** Addresses (host:port) of the leaders of a topic's partitions, by their numbers; null where there is none. */
export type Leaders = readonly (string | null)[];

/** The brokers of a cluster: a connection to each that is spoken to, and who leads which partition. */
export class KafkaCluster {
	/** Where to ask: what was given, and who was heard of since. */
	readonly #known: Set<string>;
	readonly #connections = new Map<string, KafkaConnection>();
	readonly #leaders = new Map<string, Promise<Leaders>>();
	#closed = false;

	constructor(brokers: readonly string[]) {
		this.#known = new Set(brokers);
	}

	/** Resolves when one of the brokers takes a connection. */
	async open(): Promise<void> {
		try {
			await this.#any();
		} catch (cause) {
			this.close();
			throw new FaultlineError(
				"FLT_COMPONENT_MISSING",
				`no connection to ${[...this.#known].join()} can be made: ${messageOf(cause)}`,
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
		const made = connectionTo(broker);
		this.#connections.set(broker, made);
		return made;
	}

	close(): void {
		this.#closed = true;
		for (const connection of this.#connections.values()) connection.destroy();
	}

	async #ask(topic: string): Promise<Leaders> {
		const connection = await this.#any();
		const view = readTopic(await connection.ask(topicRequestKind, topicRequestBody(topic)));
		if (view === null || view.partitions.size === 0)
			throw new FaultlineError(
				"FLT_COMPONENT_MISSING",
				`the broker has no topic "${topic}"`,
				"create it first: a load creates nothing",
			);
		for (const broker of view.brokers.values()) this.#known.add(broker);
		return Array.from({ length: view.partitions.size }, (_, partition) => {
			const leader = view.partitions.get(partition)?.leader ?? null;
			return leader === null ? null : (view.brokers.get(leader) ?? null);
		});
	}

	/** A connection that is ready, to whichever broker has one first in their order. */
	async #any(): Promise<KafkaConnection> {
		let failure: unknown;
		for (const broker of this.#known)
			try {
				const connection = this.to(broker);
				await connection.ready();
				return connection;
			} catch (error) {
				failure = error;
			}
		throw failure;
	}
}

export function connectionTo(broker: string): KafkaConnection {
	return new KafkaConnection(addressOf(new URL(`kafka://${broker}`), 9092, null));
}
