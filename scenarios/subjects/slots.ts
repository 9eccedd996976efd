import { monotonicMs, pause } from "faultline/subject";

/** Work that had a slot, and from when to when. */
export interface Held<T> {
	value: T;
	startMs: number;
	endMs: number;
}

export interface SlotsClock {
	nowMs(): number;
	pause(ms: number): Promise<void>;
}

/**
 * A number of slots, each held for a time that is stated: capacity made of time, which is the same on every machine. Work
 * waits for a slot in the order of its coming. In a backlog each begins where the one before ended, whenever a timer says
 * so, so that late timers cost no capacity; time in which the work itself was held up is lost, for catching it up would
 * be capacity out of nothing.
 */
export class Slots {
	readonly #clock: SlotsClock;
	/** When each slot is free, or was. */
	readonly #freeMs: number[];
	readonly #idle: number[];
	readonly #waiting: ((slot: number) => void)[] = [];
	#halted = false;

	constructor(count: number, clock: SlotsClock = { nowMs: monotonicMs, pause }) {
		this.#clock = clock;
		this.#freeMs = Array.from({ length: count }, () => Number.NEGATIVE_INFINITY);
		this.#idle = this.#freeMs.map((_, slot) => slot);
	}

	/** How many wait for a slot. */
	get waitingCount(): number {
		return this.#waiting.length;
	}

	/** How many slots are held. */
	get busyCount(): number {
		return this.#freeMs.length - this.#idle.length;
	}

	/** Nothing more is begun; what has begun ends. */
	halt(): void {
		this.#halted = true;
	}

	/**
	 * Does the work in the next free slot, whose number it is given, and holds that for `heldMs`. `sinceMs` is when it was
	 * asked for. Resolves at the slot's end; where the work rejects, so does this, and the slot is free at once.
	 */
	async hold<T>(
		sinceMs: number,
		heldMs: number,
		work: (slot: number) => Promise<T>,
	): Promise<Held<T>> {
		const slot = await this.#take();
		const startMs = Math.max(this.#freeMs[slot]!, sinceMs);
		const endMs = startMs + heldMs;
		let ended = false;
		try {
			const value = await work(slot);
			const leftMs = endMs - this.#clock.nowMs();
			if (leftMs > 0) await this.#clock.pause(leftMs);
			ended = this.#clock.nowMs() <= endMs + heldMs;
			return { value, startMs, endMs };
		} finally {
			this.#freeMs[slot] = ended ? endMs : this.#clock.nowMs();
			this.#give(slot);
		}
	}

	#take(): Promise<number> {
		const slot = this.#halted ? undefined : this.#idle.shift();
		if (slot !== undefined) return Promise.resolve(slot);
		return new Promise((resolve) => this.#waiting.push(resolve));
	}

	#give(slot: number): void {
		const next = this.#halted ? undefined : this.#waiting.shift();
		if (next === undefined) this.#idle.push(slot);
		else next(slot);
	}
}
