export interface Message {
	/** Its number and its version: the backlog comes first, then what is written live; the later is the newer. */
	n: number;
	key: number;
	value: number;
}

export interface MessageMix {
	seed: number;
	keys: number;
}

/** The n-th message of a seed: it is put into the backlog, or written live, and the ground truth makes it again. */
export function messageOf(n: number, { seed, keys }: MessageMix): Message {
	return { n, key: mixed(seed, n) % keys, value: mixed(seed ^ 0x5bd1e995, n) };
}

/** As it lies in the topic. */
export function encode({ n, key, value }: Message): string {
	return `${n} ${key} ${value}`;
}

export function decode(text: string): Message {
	const [n, key, value] = text.split(" ").map(Number);
	return { n: n!, key: key!, value: value! };
}

/** 32 bits of all that a message says: sums of them tell which were delivered, and how often. */
export function fingerprint({ n, key, value }: Message): number {
	return mixed(mixed(key, value), n);
}

/** A stream for each message would be most of the work, with millions of them: this is murmur's end (Appleby). */
function mixed(seed: number, n: number): number {
	let h = (seed ^ Math.imul(n, 0xcc9e2d51)) | 0;
	h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
	h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
	return (h ^ (h >>> 16)) >>> 0;
}
