import type { Message } from "./message.ts";
import { withMessage } from "./message.ts";
import type { PartLine } from "./record.ts";

export interface Arrival {
	offset: number;
	message: Message;
}

/** What happens to each message as its work ends. */
export type OnProcessed = (message: Message, endMs: number) => void;

export interface PartitionWorkOptions {
	partition: number;
	/** Counts the assignments of the process. */
	session: number;
	/** Where the group had committed. */
	from: number;
	/** Keys there are, where their order is looked at. */
	keys: number | null;
	onProcessed: OnProcessed;
	onRegression(): void;
}

/**
 * One partition as one session works on it: one message after another, each for its cost. The cost is time and not
 * CPU, as when each message waits for a database, so that two cores can stand for a fleet: a message starts when it is
 * there and the one before has ended, whenever that is noticed.
 */
export class PartitionWork {
	readonly partition: number;
	/** Where it goes on. */
	position: number;
	/** The last offset that the group took. */
	committed: number;
	readonly #options: PartitionWorkOptions;
	readonly #arrivals: (Arrival & { atMs: number })[] = [];
	/** The first of them that is not processed. */
	#next = 0;
	#freeMs = 0;
	#firstAtMs: number | null = null;
	/** What the next line says. */
	#from: number;
	#sum = 0;
	#newKeys: number[] = [];
	/** By key, the number of its last message. */
	readonly #lastOf: Float64Array | null;

	constructor(options: PartitionWorkOptions) {
		const { partition, from, keys } = options;
		this.#options = options;
		this.partition = partition;
		this.position = from;
		this.committed = from;
		this.#from = from;
		this.#lastOf = keys === null ? null : new Float64Array(keys).fill(-1);
	}

	/** The offset that its lines reach up to. */
	get recorded(): number {
		return this.#from;
	}

	get waitingCount(): number {
		return this.#arrivals.length - this.#next;
	}

	/** What has arrived up to now; what came before is not taken twice. */
	take(arrivals: readonly Arrival[], atMs: number): void {
		for (const { offset, message } of arrivals)
			if (offset >= this.fetchFrom) this.#arrivals.push({ offset, message, atMs });
	}

	/** Where to fetch next. */
	get fetchFrom(): number {
		const last = this.#arrivals.at(-1);
		return last === undefined ? this.position : last.offset + 1;
	}

	/** Ends the messages whose work is done by now. When the next one is done; null where none waits. */
	advance(nowMs: number, costMs: number): number | null {
		while (this.#next < this.#arrivals.length) {
			const { message, offset, atMs } = this.#arrivals[this.#next]!;
			const endMs = Math.max(this.#freeMs, atMs) + costMs;
			if (endMs > nowMs) {
				this.#forget();
				return endMs;
			}
			this.#freeMs = endMs;
			this.#next++;
			this.#process(message, offset, endMs);
		}
		this.#forget();
		return null;
	}

	/** A process that stood still from then until now did no work meanwhile. */
	stoodStill(fromMs: number, nowMs: number): void {
		this.#freeMs = Math.max(this.#freeMs, fromMs) + (nowMs - fromMs);
	}

	/** What was processed since the last call; null where nothing was. */
	takeLine(): PartLine | null {
		if (this.position === this.#from) return null;
		const line: PartLine = {
			partition: this.partition,
			session: this.#options.session,
			firstAtMs: this.#firstAtMs!,
			from: this.#from,
			to: this.position,
			sum: this.#sum,
			committed: this.committed,
			newKeys: this.#newKeys,
		};
		this.#from = this.position;
		this.#sum = 0;
		this.#newKeys = [];
		return line;
	}

	#process(message: Message, offset: number, endMs: number): void {
		this.#firstAtMs ??= endMs;
		this.position = offset + 1;
		this.#sum = withMessage(this.#sum, message.n);
		const { key, n } = message;
		if (this.#lastOf !== null && key < this.#lastOf.length) {
			const last = this.#lastOf[key]!;
			if (last < 0) this.#newKeys.push(key);
			if (n < last) this.#options.onRegression();
			else this.#lastOf[key] = n;
		}
		this.#options.onProcessed(message, endMs);
	}

	/** Lets go of what is done, now and then. */
	#forget(): void {
		if (this.#next < 4_096 && this.#next < this.#arrivals.length) return;
		this.#arrivals.splice(0, this.#next);
		this.#next = 0;
	}
}
