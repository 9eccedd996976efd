/** A first-in first-out queue of numbers that allocates only when it grows. */
export class NumberRing {
	#items = new Float64Array(64);
	#head = 0;
	#size = 0;

	get size(): number {
		return this.#size;
	}

	push(value: number): void {
		if (this.#size === this.#items.length) this.#grow();
		this.#items[(this.#head + this.#size) & (this.#items.length - 1)] = value;
		this.#size++;
	}

	/** The oldest value, or undefined when empty. */
	peek(): number | undefined {
		return this.#size === 0 ? undefined : this.#items[this.#head];
	}

	shift(): number | undefined {
		const value = this.peek();
		if (value === undefined) return undefined;
		this.#head = (this.#head + 1) & (this.#items.length - 1);
		this.#size--;
		return value;
	}

	#grow(): void {
		// The length stays a power of two, so that wrapping is a mask.
		const grown = new Float64Array(this.#items.length * 2);
		grown.set(this.#items.subarray(this.#head));
		grown.set(this.#items.subarray(0, this.#head), this.#items.length - this.#head);
		this.#items = grown;
		this.#head = 0;
	}
}
