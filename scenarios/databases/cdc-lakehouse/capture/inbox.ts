import { monotonicMs, pause } from "faultline/subject";
import { batchLength, type Transaction } from "./transaction.ts";

/** A version of each table for so large a part of the largest batch costs little beside its rows: nothing is waited for then. */
const worthPart = 1 / 20;

/** Transactions that have come, and since when each has waited. A sender is kept waiting while they hold too many changes. */
export class Inbox {
	readonly #changesMax: number;
	readonly #lingerMs: number;
	readonly #queue: { transaction: Transaction; cameMs: number }[] = [];
	#changeCount = 0;
	#woken = Promise.withResolvers<void>();
	#taken = Promise.withResolvers<void>();
	#pressed = Promise.withResolvers<void>();

	constructor(changesMax: number, lingerMs: number) {
		this.#changesMax = changesMax;
		this.#lingerMs = lingerMs;
	}

	/** Whether what has come is worth a batch, however little time it has waited. */
	get isPressed(): boolean {
		return this.#changeCount >= this.#changesMax * worthPart;
	}

	/** Resolves when there is room for another one. */
	async put(transaction: Transaction): Promise<void> {
		this.#queue.push({ transaction, cameMs: monotonicMs() });
		this.#changeCount += transaction.changes.length;
		this.wake();
		if (this.isPressed) this.#pressed.resolve();
		while (this.#changeCount > 2 * this.#changesMax) await this.#taken.promise;
	}

	/**
	 * The next batch, once there is one, and null where something else is to be done first. Little waits for more, but none of it
	 * longer than `lingerMs` since it came: what came while the batch before was written has waited then.
	 */
	async take(levelLsn: number): Promise<{ transactions: Transaction[]; cameMs: number } | null> {
		const [first] = this.#queue;
		if (first !== undefined && !this.isPressed) {
			const restMs = first.cameMs + this.#lingerMs - monotonicMs();
			const over = new AbortController();
			if (restMs > 0) await Promise.race([pause(restMs, over.signal), this.#pressed.promise]);
			over.abort();
		}
		const queue = this.#queue.map(({ transaction }) => transaction);
		const length = batchLength(queue, levelLsn, this.#changesMax);
		if (length === 0) {
			await this.#woken.promise;
			this.#woken = Promise.withResolvers();
			return null;
		}
		const batch = this.#queue.splice(0, length);
		for (const { transaction } of batch) this.#changeCount -= transaction.changes.length;
		this.#taken.resolve();
		this.#taken = Promise.withResolvers();
		if (!this.isPressed) this.#pressed = Promise.withResolvers();
		return {
			transactions: batch.map(({ transaction }) => transaction),
			cameMs: batch[0]!.cameMs,
		};
	}

	wake(): void {
		this.#woken.resolve();
	}

	/** Nobody waits any longer, for whatever it was. */
	close(): void {
		this.#pressed.resolve();
		this.wake();
	}
}
