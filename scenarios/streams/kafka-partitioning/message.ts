// What a message carries, in the first bytes of its value; the rest is filling.

export interface Message {
	/** When it was to be sent, in milliseconds of the machine's monotonic clock: latency is measured from there. */
	intendedAtMs: number;
	/** Messages are numbered from 0, over all partitions. */
	n: number;
	key: number;
	/** The part of the run that it belongs to, by its place in `phases`. */
	phase: number;
}

export const phases = ["warming", "steady", "faulting", "recovering"] as const;
export const headBytes = 17;

/** A message of so many bytes. */
export function encode({ intendedAtMs, n, key, phase }: Message, bytes: number): Buffer {
	// From the pool, which Buffer.alloc is not.
	const value = Buffer.allocUnsafe(bytes).fill(0, headBytes);
	value.writeDoubleLE(intendedAtMs, 0);
	value.writeUInt32LE(n, 8);
	value.writeUInt32LE(key, 12);
	value[16] = phase;
	return value;
}

export function decode(value: Buffer): Message {
	return {
		intendedAtMs: value.readDoubleLE(0),
		n: value.readUInt32LE(8),
		key: value.readUInt32LE(12),
		phase: value[16]!,
	};
}

/** A number of 32 bits in which all bits of n matter: the checksum of messages is the sum of theirs, mod 2^32. */
export function mixed(n: number): number {
	let h = Math.imul(n ^ (n >>> 16), 0x85ebca6b);
	h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
	return (h ^ (h >>> 16)) >>> 0;
}

/** The checksum of a set with one more message in it. */
export function withMessage(sum: number, n: number): number {
	return (sum + mixed(n)) >>> 0;
}
