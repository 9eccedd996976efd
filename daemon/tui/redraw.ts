/** Draws soon after it is asked to, and never twice within `leastMs`. */
export class Redraw {
	readonly #draw: () => void;
	readonly #leastMs: number;
	#timer: NodeJS.Timeout | null = null;
	#lastMs = Number.NEGATIVE_INFINITY;

	constructor(draw: () => void, leastMs: number) {
		this.#draw = draw;
		this.#leastMs = leastMs;
	}

	request(): void {
		if (this.#timer !== null) return;
		const waitMs = Math.max(0, this.#lastMs + this.#leastMs - performance.now());
		this.#timer = setTimeout(() => this.now(), waitMs);
	}

	/** At once: for what a hand does, which must not feel slow. */
	now(): void {
		if (this.#timer !== null) clearTimeout(this.#timer);
		this.#timer = null;
		this.#lastMs = performance.now();
		this.#draw();
	}
}
