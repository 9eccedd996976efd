import type {
	History,
	Read,
	Reading,
	ToldAttempt,
} from "../../../../scenarios/streams/exactly-once/oracle/history.ts";
import { truthOf } from "../../../../scenarios/streams/exactly-once/oracle/truth.ts";
import type { Taken } from "../../../../scenarios/streams/exactly-once/posting.ts";

/** So many payments in each of two partitions, of two accounts each. */
export function paymentsOf(perPartition: number): Taken[] {
	return [0, 1].flatMap((partition) =>
		Array.from({ length: perPartition }, (_, offset) => ({
			partition,
			offset,
			account: `account-${partition}-${offset % 2}`,
			cents: 10 * (offset + 1),
		})),
	);
}

/** What a right processor makes of the payments: an attempt for each two of them, and their results where they belong. */
export function rightHistory(perPartition = 4): History {
	const input = paymentsOf(perPartition);
	const attempts: ToldAttempt[] = [0, 1].flatMap((partition) =>
		Array.from({ length: perPartition / 2 }, (_, n) => ({
			id: `right-${partition}-${n}`,
			partition,
			offsets: [2 * n, 2 * n + 1],
			told: "committed" as const,
		})),
	);
	const truth = truthOf(input);
	const reads = input.map((payment): Read => {
		const { partition, offset, account, cents } = payment;
		const { seq, balanceCents } = truth.get(`${partition}/${offset}`)!;
		const attempt = `right-${partition}-${Math.floor(offset / 2)}`;
		// A marker lies behind each transaction of two.
		const place = { partition, offset: offset + Math.floor(offset / 2) };
		return { place, source: { partition, offset }, account, cents, seq, balanceCents, attempt };
	});
	const result: Reading = { reader: "committed", isolation: "read_committed", reads };
	const other: Reading = { reader: "uncommitted", isolation: "read_uncommitted", reads };
	return { input, attempts, result, others: [other] };
}

/** The history with other results. */
export function withReads(history: History, change: (reads: Read[]) => readonly Read[]): History {
	const reads = change(structuredClone([...history.result.reads]));
	return { ...history, result: { ...history.result, reads } };
}
