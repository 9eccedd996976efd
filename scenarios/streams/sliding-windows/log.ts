import { type Found, Names } from "./compare.ts";
import { decode, type Purchase } from "./purchase.ts";
import type { PurchaseStream } from "./purchases.ts";

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

/** Ids by which the messages are known that end the run: they are of no user's, and not the seed's. */
export const closerPrefix = "closer-";

/**
 * The purchases of the log in the order of each partition, each made again from its seed by its number; and what is wrong
 * with the log.
 */
export function readLog(
	messages: Iterable<LoggedMessage>,
	purchases: PurchaseStream,
	acknowledged: Iterable<number>,
): { log: Log; logged: Purchase[] } {
	const logged: Purchase[] = [];
	const seen = new Set<number>();
	const [strange, lost, doubled] = [new Names(), new Names(), new Names()];
	for (const { partition, value } of messages) {
		const { n, sentAtMs, phase, ...said } = decode(value);
		if (said.id.startsWith(closerPrefix)) continue;
		const made = purchases.at(n);
		if (seen.has(n)) doubled.add(`message ${n}`);
		if (partition !== purchases.partitionAt(n) || !isSame(said, made)) strange.add(`message ${n}`);
		seen.add(n);
		logged.push(made);
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

function isSame(a: Purchase, b: Purchase): boolean {
	return (
		a.id === b.id &&
		a.user === b.user &&
		a.cents === b.cents &&
		a.atMs === b.atMs &&
		a.receivedMs === b.receivedMs
	);
}
