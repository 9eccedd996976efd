import type { Endpoint } from "../base/endpoint.ts";
import { FaultlineError } from "../base/errors.ts";
import type { KafkaSecurity } from "../base/kafka-address.ts";
import { TransportError } from "./outcome.ts";

export interface KafkaMessage {
	key: Buffer | null;
	value: Buffer;
	/** Where it goes; without one the library chooses, by the key where there is one. */
	partition?: number;
}

/** The error of each message by its place among those sent; null for one that was taken. */
export type Refusals = (place: number) => unknown;

/**
 * One batch was larger than its topic takes. It holds more than one message, so that smaller ones may be taken; none of
 * them was.
 */
export class BatchTooLarge extends Error {
	constructor(topic: string) {
		super(`a batch is larger than "${topic}" takes`);
		this.name = "BatchTooLarge";
	}
}

/** One way to speak to brokers, as this client uses it. */
export interface KafkaTransport {
	/**
	 * Requests that may be on their way at once without one overtaking another. With more than one the broker always has
	 * the next, and what waits meanwhile makes bigger ones.
	 */
	readonly requestsMax: number;
	/** Resolves when the leaders of all partitions have the messages, or have refused some; sends nothing twice. */
	send(topic: string, messages: readonly KafkaMessage[]): Promise<Refusals | null>;
	/** Calls with the value of every message that is appended to the topic from now on; resolves when it reads. */
	consume(topic: string, onValue: (value: Buffer) => void): Promise<void>;
	/** How often reading had to begin anew at a log's start: what it was about to read was no more. */
	readonly restarts: number;
	close(): Promise<void>;
}

/** The counter of how often reading began anew at a log's start. */
export const readRestarts = "read_restarts";

/** What becomes of a message: an issued operation, say. */
export interface Produced {
	succeed(): void;
	fail(error: unknown): void;
}

/** Messages in a request at most: what is done for them takes a few ms, in which nothing that is due is noticed. */
const batchMax = 500;
/** Their bytes at most, below the MiB that brokers allow a batch by default; a larger message goes alone. */
const batchBytesMax = 900_000;
/** What a message takes in a batch beside its key and value, at most. */
const messageExtraBytes = 32;

/** What waits for the next request to one topic. */
interface Queue {
	messages: KafkaMessage[];
	produced: Produced[];
	/** A request to it has come back, so that the library knows where its partitions are. */
	known: boolean;
	requests: number;
	/** What a request may hold: less once the topic has refused as much. */
	bytesMax: number;
	/** Whole requests of which something was too large, until all others are back: then they come before the rest. */
	refused: Batch[];
	sent: number;
}

/** What goes in one request, in the order of requests. */
interface Batch {
	order: number;
	messages: KafkaMessage[];
	produced: Produced[];
}

/**
 * Produces messages in batches: all that come in while others are on their way go together, as producers do that
 * linger. Each message has its own outcome. Messages of a partition arrive in the order in which they were given, but
 * for those that were on their way while a batch before them was refused as too large: it is sent again in parts.
 */
export class KafkaClient {
	/** Messages handed to the library. */
	attempts = 0;
	readonly #transport: KafkaTransport;
	readonly #topics = new Map<string, Queue>();
	/** Requests that have come back, to be told. */
	readonly #answers: (() => void)[] = [];
	#requests = 0;
	#scheduled = false;
	#closed = false;

	constructor(transport: KafkaTransport) {
		this.#transport = transport;
	}

	/** Queues a message for the next batch to its topic. */
	produce(topic: string, message: KafkaMessage, produced: Produced): void {
		if (this.#closed) {
			produced.fail(new TransportError("closed", false));
			return;
		}
		let queue = this.#topics.get(topic);
		if (queue === undefined) {
			queue = {
				messages: [],
				produced: [],
				known: false,
				requests: 0,
				bytesMax: batchBytesMax,
				refused: [],
				sent: 0,
			};
			this.#topics.set(topic, queue);
		}
		queue.messages.push(message);
		queue.produced.push(produced);
		this.#schedule();
	}

	/** One message; resolves when it is acknowledged. */
	send(topic: string, message: KafkaMessage): Promise<void> {
		return new Promise((succeed, fail) => this.produce(topic, message, { succeed, fail }));
	}

	consume(topic: string, onValue: (value: Buffer) => void): Promise<void> {
		return this.#transport.consume(topic, onValue);
	}

	/** Running totals, as a driver's. */
	counters(): Record<string, number> {
		return { attempts: this.attempts, [readRestarts]: this.#transport.restarts };
	}

	async close(): Promise<void> {
		this.#closed = true;
		for (const { produced, refused } of this.#topics.values())
			for (const one of [...refused.flatMap((batch) => batch.produced), ...produced])
				one.fail(new TransportError("closed", false));
		this.#topics.clear();
		await this.#transport.close();
	}

	#schedule(): void {
		if (this.#scheduled) return;
		this.#scheduled = true;
		setImmediate(this.#turn);
	}

	/**
	 * Tells what became of one request, and sends one for each topic. What else there is to tell and to send follows in
	 * turns of their own, so that what is due between is noticed: after a broker stood still, all answers come at once.
	 */
	readonly #turn = (): void => {
		this.#scheduled = false;
		const answer = this.#answers.shift();
		answer?.();
		const more = this.#sendNext();
		// After an answer in any case: the next one, which may come in this very turn, is for the next.
		if (more || answer !== undefined) this.#schedule();
	};

	/** Whether there are more to be sent at once. */
	#sendNext(): boolean {
		let more = false;
		for (const [topic, queue] of this.#topics) {
			if (this.#requests >= this.#transport.requestsMax) return false;
			if (queue.messages.length === 0 || mustWait(queue)) continue;
			void this.#request(topic, queue);
			more ||= queue.messages.length > 0 && !mustWait(queue);
		}
		return more;
	}

	async #request(topic: string, queue: Queue): Promise<void> {
		const count = batchOf(queue.messages, queue.bytesMax);
		const messages = queue.messages.splice(0, count);
		const produced = queue.produced.splice(0, count);
		const batch = { order: queue.sent++, messages, produced };
		this.#requests++;
		queue.requests++;
		this.attempts += count;
		let errorOf: Refusals | null;
		try {
			errorOf = await this.#transport.send(topic, messages);
		} catch (error) {
			const failure = error ?? new TransportError("connection_lost", true);
			errorOf = () => failure;
		}
		this.#requests--;
		queue.requests--;
		queue.known ||= errorOf === null;
		this.#answers.push(this.#answerOf(queue, batch, errorOf));
		if (!this.#scheduled) this.#turn();
	}

	/** What is to be told of a request; what is to be sent again waits for all that are on their way. */
	#answerOf(queue: Queue, batch: Batch, errorOf: Refusals | null): () => void {
		if (errorOf !== null && !this.#closed) {
			const errors = batch.messages.map((_, place) => errorOf(place));
			const again = errors.map((error) => error instanceof BatchTooLarge);
			if (again.includes(true)) {
				const part = <T>(all: readonly T[]) => all.filter((_, place) => again[place]);
				const refused = {
					...batch,
					messages: part(batch.messages),
					produced: part(batch.produced),
				};
				queue.refused.push(refused);
				queue.bytesMax = Math.min(queue.bytesMax, Math.floor(bytesOf(batch.messages) / 2));
				if (queue.requests === 0) requeue(queue);
				return () => tell(batch.produced, (place) => errors[place], again);
			}
		}
		if (queue.refused.length > 0 && queue.requests === 0) requeue(queue);
		return () => tell(batch.produced, errorOf);
	}
}

/**
 * A library looks for a topic's partitions with its first request, and others could overtake that one; and so they could
 * what is to be sent again.
 */
function mustWait({ known, refused, requests }: Queue): boolean {
	return (!known || refused.length > 0) && requests > 0;
}

/** Puts what was refused before what waits. */
function requeue(queue: Queue): void {
	const batches = queue.refused.splice(0).sort((a, b) => a.order - b.order);
	queue.messages.unshift(...batches.flatMap(({ messages }) => messages));
	queue.produced.unshift(...batches.flatMap(({ produced }) => produced));
}

function tell(
	produced: readonly Produced[],
	errorOf: Refusals | null,
	/** Those of which nothing is known yet. */
	open: readonly boolean[] = [],
): void {
	for (let place = 0; place < produced.length; place++) {
		if (open[place]) continue;
		const error = errorOf === null ? null : errorOf(place);
		if (error === null) produced[place]!.succeed();
		else produced[place]!.fail(error);
	}
}

/** How many of those that wait, the first ones, fit into a request of so many bytes. */
function batchOf(messages: readonly KafkaMessage[], bytesMax: number): number {
	const max = Math.min(batchMax, messages.length);
	let bytes = 0;
	for (let count = 0; count < max; count++) {
		bytes += messageBytes(messages[count]!);
		if (bytes > bytesMax) return Math.max(1, count);
	}
	return max;
}

/** What a message takes in a batch, at most. */
export function messageBytes({ key, value }: KafkaMessage): number {
	return (key?.length ?? 0) + value.length + messageExtraBytes;
}

function bytesOf(messages: readonly KafkaMessage[]): number {
	return messages.reduce((sum, message) => sum + messageBytes(message), 0);
}

/** The brokers of a Kafka endpoint, and how they are spoken to. */
export function clusterOf(
	driver: string,
	at: Endpoint,
): { brokers: string[]; security: KafkaSecurity | null } {
	if (at.kind === "kafka") return { brokers: [...at.brokers], security: at.security ?? null };
	throw new FaultlineError(
		"FLT_PLAN_INVALID",
		`the ${driver} driver can't speak to a ${at.kind} endpoint`,
		"give its client a path that leads to Kafka",
	);
}

/** Connects with this library; where it is aborted meanwhile, what is there is closed. */
export async function connectUnless(
	signal: AbortSignal,
	close: () => Promise<void>,
	connect: () => Promise<unknown>,
): Promise<void> {
	const stop = () => void close();
	signal.addEventListener("abort", stop, { once: true });
	try {
		signal.throwIfAborted();
		await connect();
	} finally {
		signal.removeEventListener("abort", stop);
	}
}
