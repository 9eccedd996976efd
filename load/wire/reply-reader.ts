import {
	CR,
	colon,
	decodeReply,
	dollar,
	endOfReply,
	minus,
	plus,
	RedisFormatError,
	type RedisValue,
	star,
} from "./resp.ts";

const LF = 10;
const none = Buffer.alloc(0);

/**
 * Reads the replies of one connection, one at a time, from pieces of any size (RESP 2). However many
 * pieces a reply comes in, each of its bytes is looked at twice at most, and copied three times at most where it is kept.
 */
export class ReplyReader {
	/** Whether the reply is an error: such a one is always kept. */
	isError = false;
	/** Values that are still to come, those within arrays too; 0 between replies. */
	#values = 0;
	/** Bytes of a string and its line end that are still to come. */
	#left = 0;
	/** Of the line that a value begins with, where it came in pieces: its first byte, else 0, and what it said so far. */
	#type = 0;
	#length = 0;
	#endsInCr = false;
	#keep = false;
	/** What came of a kept reply before its last piece, and how many bytes that is. */
	#joined: Buffer = none;
	#joinedBytes = 0;
	#last: Buffer = none;
	#lastAt = 0;

	/**
	 * Reads from `at` up to `end`; returns where the reply ended, or −1 where more of it is to come. `keep`: its value will
	 * be asked for.
	 */
	read(bytes: Buffer, at: number, end: number, keep: boolean): number {
		if (this.#values === 0) {
			this.isError = bytes[at] === minus;
			this.#keep = keep || this.isError;
		}
		const next = this.#values > 0 ? this.#scan(bytes, at, end) : this.#begin(bytes, at, end);
		if (!this.#keep) return next;
		const stop = next === -1 ? end : next;
		if (next === -1 || this.#joinedBytes > 0) this.#join(bytes, at, stop);
		if (next === -1) return -1;
		const isJoined = this.#joinedBytes > 0;
		this.#last = isJoined ? this.#joined : bytes;
		this.#lastAt = isJoined ? 0 : at;
		this.#joined = none;
		this.#joinedBytes = 0;
		return next;
	}

	/** The reply that was read last and kept. To be taken before its bytes are used again. */
	value(): RedisValue {
		return decodeReply(this.#last, this.#lastAt);
	}

	/** Most replies are all there, and then need no state: 10 to 20 ns against 30 to 90 for a short one. */
	#begin(bytes: Buffer, at: number, end: number): number {
		const next = endOfReply(bytes, at, end);
		if (next !== -1) return next;
		this.#values = 1;
		return this.#scan(bytes, at, end);
	}

	#scan(bytes: Buffer, from: number, end: number): number {
		let at = from;
		while (at < end) {
			if (this.#left === 0) {
				at = this.#readLine(bytes, at, end);
				if (at === -1) return -1;
			}
			if (this.#left > 0) {
				const passed = Math.min(this.#left, end - at);
				at += passed;
				this.#left -= passed;
				if (this.#left > 0) return -1;
				this.#values--;
			}
			if (this.#values === 0) return at;
		}
		return -1;
	}

	#join(bytes: Buffer, from: number, end: number): void {
		const needed = this.#joinedBytes + end - from;
		if (needed > this.#joined.length) {
			// Of a string it is known how much is to come; of an array nothing is.
			const room = Math.max(needed + this.#left, 2 * this.#joined.length);
			const roomier = Buffer.allocUnsafeSlow(room);
			this.#joined.copy(roomier, 0, 0, this.#joinedBytes);
			this.#joined = roomier;
		}
		bytes.copy(this.#joined, this.#joinedBytes, from, end);
		this.#joinedBytes = needed;
	}

	/** Reads a value's first line; −1 where it is not all there. */
	#readLine(bytes: Buffer, from: number, end: number): number {
		let at = from;
		if (this.#type === 0) {
			this.#type = typeAt(bytes, at++, end);
			this.#length = 0;
		}
		const type = this.#type;
		const counts = type === dollar || type === star;
		let length = this.#length;
		for (; at < end; at++) {
			const byte = bytes[at]!;
			if (byte === LF && this.#wasCr(bytes, at, from)) {
				this.#type = 0;
				this.#endsInCr = false;
				if (type === dollar && length !== -1) this.#left = length + 2;
				else this.#values += type === star && length > 0 ? length - 1 : -1;
				return at + 1;
			}
			if (!counts || byte === CR) continue;
			const digit = byte - 48;
			// Nothing has a length below 0 but what is not there: −1.
			if (byte === minus || length === -1) length = -1;
			else if (digit >= 0 && digit <= 9) length = length * 10 + digit;
			else throw new RedisFormatError("a length is no number");
		}
		this.#length = length;
		this.#endsInCr = bytes[end - 1] === CR;
		return -1;
	}

	#wasCr(bytes: Buffer, at: number, from: number): boolean {
		return at === from ? this.#endsInCr : bytes[at - 1] === CR;
	}
}

function typeAt(bytes: Buffer, at: number, end: number): number {
	const type = bytes[at]!;
	switch (type) {
		case plus:
		case minus:
		case colon:
		case dollar:
		case star:
			return type;
		default:
			throw new RedisFormatError(
				`expected a reply, got ${JSON.stringify(bytes.toString("latin1", at, Math.min(end, at + 20)))}`,
			);
	}
}
