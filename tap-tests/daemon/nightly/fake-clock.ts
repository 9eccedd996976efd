import type { ScheduleClock } from "../../../daemon/nightly/schedule.ts";

/** A clock that a test moves; its timers fire in order as it goes. */
export class FakeClock implements ScheduleClock {
	#nowMs: number;
	#timers: { atMs: number; call: () => void }[] = [];

	constructor(nowMs: number) {
		this.#nowMs = nowMs;
	}

	nowMs = (): number => this.#nowMs;

	later = (ms: number, call: () => void): (() => void) => {
		const timer = { atMs: this.#nowMs + ms, call };
		this.#timers.push(timer);
		return () => {
			this.#timers = this.#timers.filter((one) => one !== timer);
		};
	};

	/** Time passes. */
	advance(ms: number): void {
		const endMs = this.#nowMs + ms;
		for (;;) {
			const [next] = this.#timers.sort((x, y) => x.atMs - y.atMs);
			if (next === undefined || next.atMs > endMs) break;
			this.#timers.shift();
			this.#nowMs = Math.max(next.atMs, this.#nowMs);
			next.call();
		}
		this.#nowMs = endMs;
	}

	/** Time passes while no timer can fire: the machine sleeps. */
	sleep(ms: number): void {
		this.#nowMs += ms;
	}
}
