import type { Tier } from "./tiers.ts";
import type { Life, Trace } from "./trace.ts";

/** A life lies in one tier from a day until before another. */
export interface Stay {
	tier: Tier;
	fromDay: number;
	toDay: number;
}

/** Where each life of a trace lies, all its days long: a list of stays for each, in the order of `trace.lives`. */
export type Placement = readonly (readonly Stay[])[];

/** Everything where it was written. */
export function allHot({ lives }: Trace): Placement {
	return lives.map(({ fromDay, toDay }) => [{ tier: "hot", fromDay, toDay }]);
}

/**
 * What is wrong with the stays of a life: each day must belong to exactly one of them, or it is billed twice or not at
 * all, and every life begins where it was written, in the hot tier. Null where nothing is.
 */
export function stayProblem({ fromDay, toDay }: Life, stays: readonly Stay[]): string | null {
	let day = fromDay;
	let tier: Tier | null = null;
	for (const stay of stays) {
		if (tier === null && stay.tier !== "hot") return `it begins in ${stay.tier} and not in hot`;
		if (stay.fromDay < day) return `day ${stay.fromDay} is in two stays`;
		if (stay.fromDay > day) return `day ${day} is in no stay`;
		if (stay.toDay <= stay.fromDay) return `a stay from day ${day} has no day`;
		if (stay.tier === tier) return `it moves from ${tier} to itself on day ${day}`;
		day = stay.toDay;
		tier = stay.tier;
	}
	if (day < toDay) return `day ${day} is in no stay`;
	if (day > toDay) return `day ${toDay} is after its end`;
	return null;
}

/** Refuses a placement in which some day of some life is not in exactly one tier. */
export function checkPlacement(trace: Trace, placement: Placement): void {
	if (placement.length !== trace.lives.length)
		throw wrong(`it places ${placement.length} lives of ${trace.lives.length}`);
	for (const [i, life] of trace.lives.entries()) {
		const problem = stayProblem(life, placement[i]!);
		if (problem !== null) throw wrong(`object ${life.object}, version ${life.version}: ${problem}`);
	}
}

function wrong(problem: string): Error {
	return new Error(`a placement can't be billed: ${problem}; give each day to exactly one tier`);
}
