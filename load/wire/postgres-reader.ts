const headBytes = 5;
/** The server's own limit of a message (`PQ_LARGE_MESSAGE_LIMIT`); a greater length is no Postgres. */
const messageBytesMax = 0x3fffffff;

/** What a `PostgresReader` reads for. */
export interface MessageSink {
	/** Whether messages of this type are wanted; the bodies of others are passed over, never kept. */
	wants(type: number): boolean;
	/** One message that is wanted: its body lies from `start` to `end`, until the next read. */
	message(type: number, bytes: Buffer, start: number, end: number): void;
}

/**
 * Cuts what a connection reads into messages, at a cost that is linear in the bytes read: a message that comes in one
 * piece is handed on where it lies, one in many pieces is put together in a buffer of its own length.
 */
export class PostgresReader {
	/** Bytes copied since the begin: at most those that were read. */
	copiedBytes = 0;
	readonly #sink: MessageSink;
	/** The head of a message, where it was cut in two. */
	readonly #head = Buffer.alloc(headBytes);
	#headFilled = 0;
	#type = 0;
	/** The body that is being put together; null where nothing of it is wanted. */
	#body: Buffer | null = null;
	#bodyFilled = 0;
	/** Bytes of the body that are to come. */
	#left = 0;

	constructor(sink: MessageSink) {
		this.#sink = sink;
	}

	/** Takes the next `length` bytes; throws where they are not Postgres's. */
	read(bytes: Buffer, length: number): void {
		let at = this.#left > 0 ? this.#goOn(bytes, length) : 0;
		while (at < length) {
			let head = bytes;
			let headAt = at;
			if (this.#headFilled > 0 || length - at < headBytes) {
				const some = Math.min(headBytes - this.#headFilled, length - at);
				this.#headFilled += this.#copy(bytes, at, some, this.#head, this.#headFilled);
				at += some;
				if (this.#headFilled < headBytes) return;
				this.#headFilled = 0;
				head = this.#head;
				headAt = 0;
			} else at += headBytes;
			const type = head[headAt]!;
			const size = head.readInt32BE(headAt + 1) - 4;
			if (size < 0 || size > messageBytesMax)
				throw new Error(`a message of ${size + 4} bytes was read: this is no Postgres server`);
			const wanted = this.#sink.wants(type);
			if (size <= length - at) {
				if (wanted) this.#sink.message(type, bytes, at, at + size);
				at += size;
				continue;
			}
			this.#type = type;
			this.#left = size;
			this.#body = wanted ? Buffer.allocUnsafe(size) : null;
			this.#bodyFilled = 0;
			at += this.#take(bytes, at, length - at);
		}
	}

	/** Takes what belongs to the message that was cut; how much that is. */
	#goOn(bytes: Buffer, length: number): number {
		const some = this.#take(bytes, 0, Math.min(this.#left, length));
		if (this.#left > 0) return some;
		const body = this.#body;
		this.#body = null;
		if (body !== null) this.#sink.message(this.#type, body, 0, body.length);
		return some;
	}

	#take(bytes: Buffer, at: number, some: number): number {
		if (this.#body !== null)
			this.#bodyFilled += this.#copy(bytes, at, some, this.#body, this.#bodyFilled);
		this.#left -= some;
		return some;
	}

	#copy(from: Buffer, at: number, some: number, to: Buffer, toAt: number): number {
		from.copy(to, toAt, at, at + some);
		this.copiedBytes += some;
		return some;
	}
}
