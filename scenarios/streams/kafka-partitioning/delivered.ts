import type { PartEntry } from "./record.ts";

/** What was processed of one partition, by all consumers that had it. */
export interface Delivered {
	/** Messages, each counted once. */
	count: number;
	/** Checksum over them; null where two sessions do not meet at the end of a line, so that it can't be told. */
	sum: number | null;
	/** Messages that no session processed, although a later one went on behind them. */
	skippedCount: number;
	/** Messages that came again after another session had processed them. */
	redeliveredCount: number;
	sessionCount: number;
}

/**
 * Lays the sessions of a partition end to end. Each begins where the group had committed, which is the end of a line
 * of the one before: what that one had processed beyond it comes again, and counts once.
 */
export function deliveredOf(parts: readonly PartEntry[]): Delivered {
	/** Ends of the lines that count; the checksum and what was skipped up to there. */
	let ends = [{ offset: 0, sum: 0, skipped: 0 }];
	let aligned = true;
	let redeliveredCount = 0;
	const sessions = sessionsOf(parts);
	for (const session of sessions) {
		for (const [i, { from, to, sum }] of session.entries()) {
			const before = ends.at(-1)!.offset;
			if (from < before) {
				redeliveredCount += before - from;
				ends = ends.filter(({ offset }) => offset <= from);
				// Only a session's first line goes back, and only to where another ended.
				if (i > 0 || ends.at(-1)!.offset !== from) aligned = false;
			}
			const last = ends.at(-1)!;
			const skipped = last.skipped + Math.max(0, from - last.offset);
			ends.push({ offset: to, sum: (last.sum + sum) >>> 0, skipped });
		}
	}
	const { offset, sum, skipped } = ends.at(-1)!;
	return {
		count: offset - skipped,
		sum: aligned ? sum : null,
		skippedCount: skipped,
		redeliveredCount,
		sessionCount: sessions.length,
	};
}

/** The lines of each session, the sessions in the order in which they began. */
function sessionsOf(parts: readonly PartEntry[]): PartEntry[][] {
	const sessions = new Map<string, PartEntry[]>();
	for (const part of parts) {
		const id = `${part.consumer} ${part.pid} ${part.session}`;
		const lines = sessions.get(id);
		if (lines === undefined) sessions.set(id, [part]);
		else lines.push(part);
	}
	return [...sessions.values()].sort((a, b) => a[0]!.firstAtMs - b[0]!.firstAtMs);
}
