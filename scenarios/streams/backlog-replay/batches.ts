import type { Message } from "./message.ts";

/** Neighbours in a partition, as they go to the sink together: always the same, however often they are read. */
export interface Batch {
	partition: number;
	/** Offsets of a batch begin at a multiple of its size. */
	first: number;
	last: number;
	messages: Message[];
}

export interface Read {
	offset: number;
	message: Message;
}

/**
 * Puts what is read of a partition, in the order of its log, into batches of `size` offsets. A batch is given when what
 * comes after it is read, the last one when the log's end is reached.
 */
export class Batches {
	readonly #partition: number;
	readonly #size: number;
	/** The offset after the last one. */
	readonly #end: number;
	#open: Batch | null = null;

	constructor(partition: number, size: number, end: number) {
		this.#partition = partition;
		this.#size = size;
		this.#end = end;
	}

	*add({ offset, message }: Read): Iterable<Batch> {
		if (offset >= this.#end) return;
		const first = offset - (offset % this.#size);
		if (this.#open !== null && this.#open.first !== first) {
			yield this.#open;
			this.#open = null;
		}
		const last = Math.min(first + this.#size, this.#end) - 1;
		this.#open ??= { partition: this.#partition, first, last, messages: [] };
		this.#open.messages.push(message);
		if (offset !== last) return;
		yield this.#open;
		this.#open = null;
	}
}
