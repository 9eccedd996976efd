import { type Found, Names } from "./found.ts";

/** A message of the input as it is in the log. */
export interface LoggedMessage {
	partition: number;
	value: Buffer;
}

/** What the input holds. */
export type Log = {
	count: number;
	/** Messages that no seed makes so, or in another partition. */
	strange: Found;
	/** Sent, acknowledged, and not there. */
	lost: Found;
	/** There a second time, though nobody repeated it. */
	doubled: Found;
};

/** The messages of a seed: the n-th is always the same, whoever asks. */
export interface Seeded<E> {
	at(n: number): E;
	partitionAt(n: number): number;
	/** The number of a message, and whether it is as it was made; null of one that ends the run and is not the seed's. */
	read(value: Buffer): { n: number; isAs(made: E): boolean } | null;
}

/** An event of the log: made again from its seed, in the order of its partition. */
export interface Logged<E> {
	n: number;
	partition: number;
	event: E;
}

/** The events of the log in the order of each partition, each made again by its number; and what is wrong with the log. */
export function readLog<E>(
	messages: Iterable<LoggedMessage>,
	seeded: Seeded<E>,
	acknowledged: Iterable<number>,
): { log: Log; logged: Logged<E>[] } {
	const logged: Logged<E>[] = [];
	const seen = new Set<number>();
	const [strange, lost, doubled] = [new Names(), new Names(), new Names()];
	for (const { partition, value } of messages) {
		const read = seeded.read(value);
		if (read === null) continue;
		const { n } = read;
		const event = seeded.at(n);
		if (seen.has(n)) doubled.add(`message ${n}`);
		if (partition !== seeded.partitionAt(n) || !read.isAs(event)) strange.add(`message ${n}`);
		seen.add(n);
		logged.push({ n, partition, event });
	}
	for (const n of acknowledged) if (!seen.has(n)) lost.add(`message ${n}`);
	const log = {
		count: logged.length,
		strange: strange.found,
		lost: lost.found,
		doubled: doubled.found,
	};
	return { log, logged };
}
