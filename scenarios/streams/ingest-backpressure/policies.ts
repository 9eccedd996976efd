import type { AimdOptions } from "../../subjects/aimd.ts";

/** How many events may be on their way to what lies behind the service: so many, or as many as it answers in time. */
export type ConcurrencyRule =
	| { kind: "fixed"; most: number }
	| ({
			kind: "adaptive" /** Slower answers than this cut the limit. */;
			targetMs: number;
	  } & AimdOptions);

/** By what a service decides which events it takes, and when it begins on them. Plain data. */
export interface Policy {
	concurrency: ConcurrencyRule;
	/** Events that may wait; null without a bound. */
	queueMax: number | null;
	/** A full queue makes room for what is more important than the least important in it; and that is begun first. */
	byPriority: boolean;
	/** What can't be answered any more before its client gives up is not begun. */
	honoursDeadlines: boolean;
}

/** What of the store has to be known to guard it: nothing but how fast it is when it is not crowded. */
export interface StoreFacts {
	/** Its time for one event. */
	serviceMs: number;
}

/**
 * What protects: at most `queueMax` wait, and only as many are under way as the store answers within two and a half times
 * what it takes undisturbed. In a queue as short as this nobody waits who will not be served.
 */
export function guardedPolicy({ serviceMs }: StoreFacts): Policy {
	return {
		concurrency: {
			kind: "adaptive",
			targetMs: 2.5 * serviceMs,
			start: 4,
			least: 2,
			most: 64,
			keptShare: 0.9,
		},
		queueMax: 6,
		byPriority: true,
		honoursDeadlines: true,
	};
}

/** What one writes first: a pool of so many connections, and in front of it whoever comes, in turn, for ever. */
export const naivePolicy: Policy = {
	concurrency: { kind: "fixed", most: 10 },
	queueMax: null,
	byPriority: false,
	honoursDeadlines: false,
};
