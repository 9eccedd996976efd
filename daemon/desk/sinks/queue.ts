import { codeOf, messageOf } from "../../../base/errors.ts";
import { Refused } from "../../outgoing/post-json.ts";
import type { Notification, Sink } from "./notification.ts";

export interface QueueLimits {
	/** Notifications that wait; beyond it the oldest is dropped. */
	lengthMax: number;
	triesMax: number;
	/** Older ones are dropped: nobody wants to be woken by them. */
	ageMaxMs: number;
	/** After the first failure; doubled with each. */
	backoffMs: number;
	backoffMaxMs: number;
	/** Longest wait for one answer. */
	tryMs: number;
}

export const queueLimits: QueueLimits = {
	lengthMax: 200,
	triesMax: 6,
	ageMaxMs: 120_000,
	backoffMs: 500,
	backoffMaxMs: 10_000,
	tryMs: 5_000,
};

export interface QueueClock {
	nowMs(): number;
	wait(ms: number, signal: AbortSignal): Promise<void>;
}

interface Waiting {
	notification: Notification;
	sinceMs: number;
}

/**
 * What one sink is still to be told: in order, one at a time, again after a failure, and bounded in every way. Whoever
 * puts in never waits; what was given up is counted.
 */
export class SinkQueue {
	readonly sink: Sink;
	readonly counts = { sentCount: 0, retryCount: 0, droppedCount: 0 };
	readonly #limits: QueueLimits;
	readonly #clock: QueueClock;
	readonly #log: (line: string) => void;
	readonly #waiting: Waiting[] = [];
	readonly #closing = new AbortController();
	#work: Promise<void> | null = null;
	#failing = false;

	constructor(
		sink: Sink,
		options: { clock: QueueClock; log(line: string): void; limits?: QueueLimits },
	) {
		this.sink = sink;
		this.#clock = options.clock;
		this.#log = options.log;
		this.#limits = options.limits ?? queueLimits;
	}

	get waitingCount(): number {
		return this.#waiting.length;
	}

	put(notification: Notification): void {
		if (this.#closing.signal.aborted) {
			this.#drop("the daemon stops");
			return;
		}
		this.#waiting.push({ notification, sinceMs: this.#clock.nowMs() });
		if (this.#waiting.length > this.#limits.lengthMax) {
			// Not the first: it is being sent.
			this.#waiting.splice(1, 1);
			this.#drop("too many wait");
		}
		this.#work ??= this.#deliverAll();
	}

	/** Resolves when nothing waits. */
	async idle(): Promise<void> {
		while (this.#work !== null) await this.#work;
	}

	/** Ends the tries; what waits is dropped. */
	async close(): Promise<void> {
		this.#closing.abort();
		await this.idle();
	}

	async #deliverAll(): Promise<void> {
		for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
			const failure = await this.#deliver(next);
			this.#waiting.shift();
			if (failure === null) {
				this.counts.sentCount += 1;
				this.#failing = false;
			} else this.#drop(failure);
		}
		this.#work = null; // in the same turn: what comes after it begins anew
	}

	/** Why it was given up; null where it arrived. */
	async #deliver({ notification, sinceMs }: Waiting): Promise<string | null> {
		const { triesMax, ageMaxMs, backoffMs, backoffMaxMs, tryMs } = this.#limits;
		for (let tries = 1; ; tries++) {
			if (this.#closing.signal.aborted) return "the daemon stops";
			if (this.#clock.nowMs() - sinceMs > ageMaxMs) return "too old";
			try {
				const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(tryMs)]);
				await this.sink.deliver(notification, signal);
				return null;
			} catch (error) {
				if (error instanceof Refused || tries >= triesMax) return codeOf(error) ?? messageOf(error);
			}
			this.counts.retryCount += 1;
			const waitMs = Math.min(backoffMaxMs, backoffMs * 2 ** (tries - 1));
			await this.#clock.wait(waitMs, this.#closing.signal);
		}
	}

	/** Said once until something arrives again: a sink that is away drops each one. */
	#drop(why: string): void {
		this.counts.droppedCount += 1;
		if (this.#failing) return;
		this.#failing = true;
		const { kind, target } = this.sink;
		this.#log(`alerts are not told to the ${kind} at ${target}: ${why}`);
	}
}
