export interface AimdOptions {
	start: number;
	least: number;
	most: number;
	/** What a cut leaves of the limit: 0.8 takes a fifth. */
	keptShare: number;
}

/**
 * A limit by additive increase and multiplicative decrease: it grows in steps while all goes well, and is cut at once
 * when it does not. What was under way before a cut says nothing about what the cut has done, so that there is one cut
 * for as long as its answers may still come.
 */
export class Aimd {
	readonly #options: AimdOptions;
	#limit: number;
	#heldUntilMs = Number.NEGATIVE_INFINITY;

	constructor(options: AimdOptions) {
		this.#options = options;
		this.#limit = options.start;
	}

	get limit(): number {
		return this.#limit;
	}

	increase(by: number): void {
		this.#limit = Math.min(this.#options.most, this.#limit + by);
	}

	/** Whether it was cut: not where the cut before it has not shown its effect, `settleMs` after it. */
	decrease(nowMs: number, settleMs: number): boolean {
		if (nowMs < this.#heldUntilMs) return false;
		const { least, keptShare } = this.#options;
		this.#limit = Math.max(least, this.#limit * keptShare);
		this.#heldUntilMs = nowMs + settleMs;
		return true;
	}
}
