import type { View } from "./rules.ts";

/** The times of a case that a rule may lean on. */
export interface CaseTimes {
	intervalMs: number;
	/** How long the load runs by plan. */
	plannedMs: number;
}

/** What a kind of rule makes of the interval stream. */
export interface Condition {
	/** Does it match now, with this view taken in? Null where the view says nothing about it. */
	match(view: View): boolean | null;
	/** The shortest fault that could make it match once, whatever the fault does. */
	shortestMs: number;
}
