import { monotonicMs, pause } from "faultline/subject";
import { batchLength, type Transaction } from "./transaction.ts";

/** Transactions that have come, and since when each has waited. A sender is kept waiting while they hold too many changes. */
export class Inbox {
	readonly #changesMax: number;
	readonly #lingerMs: number;
	readonly #queue: { transaction: Transaction; cameMs: number }[] = [];
	#changeCount = 0;
	#woken = Promise.withResolvers<void>();
	#taken = Promise.withResolvers<void>();

	constructor(changesMax: number, lingerMs: number) {
		this.#changesMax = changesMax;
		this.#lingerMs = lingerMs;
	}

	/** Resolves when there is room for another one. */
	async put(transaction: Transaction): Promise<void> {
		this.#queue.push({ transaction, cameMs: monotonicMs() });
		this.#changeCount += transaction.changes.length;
		this.wake();
		while (this.#changeCount > 2 * this.#changesMax) await this.#taken.promise;
	}

	/** The next batch, once there is one, and null where something else is to be done first. What is less than a full one waits for more. */
	async take(levelLsn: number): Promise<{ transactions: Transaction[]; cameMs: number } | null> {
		if (this.#queue.length > 0 && this.#changeCount < this.#changesMax) await pause(this.#lingerMs);
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
		return {
			transactions: batch.map(({ transaction }) => transaction),
			cameMs: batch[0]!.cameMs,
		};
	}

	wake(): void {
		this.#woken.resolve();
	}
}
