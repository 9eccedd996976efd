/**
 * Retries may be at most this share of the orders (Google SRE book, "Addressing cascading failures": a retry budget).
 * Every order pays in, every retry takes out; a client that finds it empty gives up at once.
 */
export class RetryBudget {
	readonly #share: number;
	readonly #most: number;
	#tokens: number;

	constructor(share: number, most: number) {
		this.#share = share;
		this.#most = most;
		this.#tokens = most;
	}

	payIn(): void {
		this.#tokens = Math.min(this.#most, this.#tokens + this.#share);
	}

	take(): boolean {
		if (this.#tokens < 1) return false;
		this.#tokens -= 1;
		return true;
	}
}
