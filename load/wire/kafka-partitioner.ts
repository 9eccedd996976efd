/** The partition of a key among so many, as Kafka's own clients choose it: murmur2 without its sign, modulo. */
export function partitionOfKey(key: Buffer, partitions: number): number {
	return (murmur2(key) & 0x7fffffff) % partitions;
}

const seed = 0x9747b28c;
const m = 0x5bd1e995;

/** Austin Appleby's MurmurHash2 with the seed that Kafka's clients give it; 32 bits, signed. */
export function murmur2(bytes: Buffer): number {
	let h = seed ^ bytes.length;
	const whole = bytes.length - (bytes.length % 4);
	for (let at = 0; at < whole; at += 4) {
		let k = Math.imul(bytes.readInt32LE(at), m);
		k = Math.imul(k ^ (k >>> 24), m);
		h = Math.imul(h, m) ^ k;
	}
	for (let i = bytes.length - 1; i >= whole; i--) h ^= bytes[i]! << (8 * (i - whole));
	if (whole < bytes.length) h = Math.imul(h, m);
	h = Math.imul(h ^ (h >>> 13), m);
	return h ^ (h >>> 15);
}
