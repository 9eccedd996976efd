import type { JsonObject } from "faultline";

/** The offsets of a batch that the sink has. */
export interface Range {
	partition: number;
	first: number;
	last: number;
}

export interface Coverage extends JsonObject {
	/** By the topic. */
	backlogCount: number;
	coveredCount: number;
	/** Offsets that lie in more than one batch. */
	overlapCount: number;
}

/** How much of a backlog these batches are. */
export function coverageOf(ranges: readonly Range[], backlogCount: number): Coverage {
	const sorted = [...ranges].sort((a, b) => a.partition - b.partition || a.first - b.first);
	let coveredCount = 0;
	let overlapCount = 0;
	let reached = -1;
	let partition = -1;
	for (const range of sorted) {
		if (range.partition !== partition) reached = -1;
		partition = range.partition;
		const fresh = Math.max(0, range.last - Math.max(range.first - 1, reached));
		coveredCount += fresh;
		overlapCount += range.last - range.first + 1 - fresh;
		reached = Math.max(reached, range.last);
	}
	return { backlogCount, coveredCount, overlapCount };
}
