import { fingerprint, type Message } from "./message.ts";

/** What some messages come to for one key. */
export interface KeyTotal {
	key: number;
	/** Of the newest. */
	version: number;
	value: number;
	count: number;
	/** Of their fingerprints. */
	sum: number;
}

/** By key, in the order of keys: so that those who write several at once never wait for each other in a circle. */
export function byKey(messages: Iterable<Message>): KeyTotal[] {
	const totals = new Map<number, KeyTotal>();
	for (const message of messages) {
		const { n, key, value } = message;
		const total = totals.get(key);
		if (total === undefined) {
			totals.set(key, { key, version: n, value, count: 1, sum: fingerprint(message) });
			continue;
		}
		total.count += 1;
		total.sum += fingerprint(message);
		if (n <= total.version) continue;
		total.version = n;
		total.value = value;
	}
	return [...totals.values()].sort((a, b) => a.key - b.key);
}
