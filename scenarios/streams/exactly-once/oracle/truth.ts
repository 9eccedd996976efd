import type { Taken } from "../posting.ts";
import { placeText } from "./history.ts";

export interface True {
	seq: number;
	balanceCents: number;
}

/**
 * What each payment must have come to, by its place: found by adding up the payments of each account in the order of its
 * partition. Nothing of the processors is in it.
 */
export function truthOf(input: readonly Taken[]): Map<string, True> {
	const byAccount = Map.groupBy(input, ({ account }) => account);
	const truth = new Map<string, True>();
	for (const payments of byAccount.values()) {
		const inOrder = payments.toSorted((a, b) => a.partition - b.partition || a.offset - b.offset);
		let balanceCents = 0;
		for (const [i, payment] of inOrder.entries()) {
			balanceCents += payment.cents;
			truth.set(placeText(payment), { seq: i + 1, balanceCents });
		}
	}
	return truth;
}
