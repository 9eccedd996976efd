import kafkajs from "kafkajs";
import type { IngestEvent } from "./event.ts";

/** What lies behind the service: a log that every event is written to first, and a store. */
export interface Downstream {
	/** Resolves when the log has the event for good. */
	publish(event: IngestEvent): Promise<void>;
	/** Resolves when the store has the event, once, however often it is asked; rejects where it does not say so. */
	store(event: IngestEvent): Promise<void>;
}

export interface Places {
	brokers: string[];
	topic: string;
	/** Base URL of the store's service. */
	store: string;
	/** Patience with the store, per event. */
	storeTimeoutMs: number;
}

/** The real one: a topic of Kafka, and a service in front of Postgres. */
export async function connectDownstream(places: Places): Promise<Downstream> {
	const producer = new kafkajs.Kafka({
		clientId: "ingest",
		brokers: places.brokers,
		logLevel: kafkajs.logLevel.NOTHING,
		connectionTimeout: 500,
		// A broker that is away is waited for: whoever waits holds one of few places, and answers its client in time.
		retry: { initialRetryTime: 50, maxRetryTime: 250, retries: Number.MAX_SAFE_INTEGER },
	}).producer({ allowAutoTopicCreation: false });
	await producer.connect();
	return {
		async publish(event) {
			const message = { key: event.eventId, value: JSON.stringify(event) };
			await producer.send({ topic: places.topic, acks: -1, messages: [message] });
		},
		async store(event) {
			const response = await fetch(`${places.store}/events`, {
				method: "POST",
				body: JSON.stringify(event),
				signal: AbortSignal.timeout(places.storeTimeoutMs),
			});
			await response.arrayBuffer();
			if (!response.ok) throw new Error(`the store answered ${response.status}`);
		},
	};
}
