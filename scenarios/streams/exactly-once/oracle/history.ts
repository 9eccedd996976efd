import type { Taken } from "../posting.ts";

/** A result as somebody has read it. */
export interface Read {
	/** Where it lies in the results: partition and offset of the topic, or partition and number of the row. */
	place: Place;
	/** The payment that it says it is of. */
	source: Place;
	account: string;
	cents: number;
	/** The account's balance and number after it; null where the reader does not see them. */
	seq: number | null;
	balanceCents: number | null;
	/** The attempt that has written it. */
	attempt: string;
}

export interface Place {
	partition: number;
	offset: number;
}

/** All that one reader has read, in the order in which it came. */
export interface Reading {
	reader: string;
	isolation: "read_committed" | "read_uncommitted";
	reads: readonly Read[];
}

/** What is known of an attempt: `aborted` is certain, `unknown` may be there or not. */
export interface ToldAttempt {
	id: string;
	partition: number;
	offsets: readonly number[];
	told: "committed" | "aborted" | "unknown";
}

/** What was to be done, who says that he has done it, and what there is to be read of it. */
export interface History {
	/** The payments, as their topic has them. */
	input: readonly Taken[];
	attempts: readonly ToldAttempt[];
	/** The reading that counts: all of the results, at the end, `read_committed`. */
	result: Reading;
	/** Of other readers. */
	others: readonly Reading[];
}

export function placeText({ partition, offset }: Place): string {
	return `${partition}/${offset}`;
}
