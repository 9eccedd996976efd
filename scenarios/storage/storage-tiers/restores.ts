/** Which cold objects have been asked for, and from when each can be read: a restore takes its time. */
export class Restores {
	readonly #restoreMs: number;
	readonly #readyAtMs = new Map<string, number>();
	readonly #nowMs: () => number;

	constructor(restoreMs: number, nowMs: () => number = () => performance.now()) {
		this.#restoreMs = restoreMs;
		this.#nowMs = nowMs;
	}

	/** Begins one where none is under way; how long it still takes. */
	ask(id: string): number {
		const readyAtMs = this.#readyAtMs.get(id) ?? this.#nowMs() + this.#restoreMs;
		this.#readyAtMs.set(id, readyAtMs);
		return Math.max(0, readyAtMs - this.#nowMs());
	}

	/** 0 where it can be read; null where nobody has asked for it. A copy that was restored is read once, and gone. */
	readyInMs(id: string): number | null {
		const readyAtMs = this.#readyAtMs.get(id);
		if (readyAtMs === undefined) return null;
		const leftMs = Math.max(0, readyAtMs - this.#nowMs());
		if (leftMs === 0) this.#readyAtMs.delete(id);
		return leftMs;
	}
}
