import type { Timers } from "../../loop.ts";

interface Pending {
	atMs: number;
	callback: () => void;
}

/** A clock and timers that move only when told to. Work that awaits gets its turn between two moments. */
export class FakeTime {
	nowMs = 0;
	/** Each timer fires this much before it should. */
	earlyMs = 0;
	#pending = new Set<Pending>();
	#soon: (() => void)[] = [];

	readonly timers: Timers = {
		after: (ms, callback) => {
			const pending = { atMs: this.nowMs + Math.max(0.1, ms - this.earlyMs), callback };
			this.#pending.add(pending);
			return () => this.#pending.delete(pending);
		},
		soon: (callback) => {
			this.#soon.push(callback);
		},
	};

	/** Resolves after `ms` of this clock. */
	pause(ms: number): Promise<void> {
		return new Promise((resolve) => this.timers.after(ms + this.earlyMs, resolve));
	}

	/** Moves on to `toMs`, firing what is due on the way in its order. */
	async runTo(toMs: number): Promise<void> {
		for (;;) {
			await this.settle();
			const next = [...this.#pending].sort((a, b) => a.atMs - b.atMs)[0];
			if (next === undefined || next.atMs > toMs) break;
			this.#pending.delete(next);
			this.nowMs = Math.max(this.nowMs, next.atMs);
			next.callback();
		}
		this.nowMs = Math.max(this.nowMs, toMs);
	}

	/** As if the event loop had been blocked: time passes, nothing fires. */
	block(ms: number): void {
		this.nowMs += ms;
	}

	/** Lets all promises and `soon` callbacks of this moment run. */
	async settle(): Promise<void> {
		do {
			for (const callback of this.#soon.splice(0)) callback();
			await new Promise(setImmediate);
		} while (this.#soon.length > 0);
	}
}
