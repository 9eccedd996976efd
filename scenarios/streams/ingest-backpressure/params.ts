import { count, ms, number, oneOf, type Params, phaseParams } from "faultline";

export const properties = {
	sweep: oneOf(
		["on", "off"],
		"on",
		"on: bursts of 1, 2, 5 and 10 times capacity, guarded and naive; off: the one that the next three describe",
	),
	burst: number(5, 0.6, 50, "what is offered in the burst, as a multiple of capacity"),
	faults: oneOf(["on", "off"], "on", "a slow store, then no broker, after the burst"),
	control: oneOf(
		["on", "off"],
		"off",
		"on: the naive service, whatever the guard, for others to be held against",
	),
	slots: count(4, 1, 64, "events that the store works on at once"),
	serviceMs: ms(40, 5, 1_000, "time that an event holds its slot"),
	baseShare: number(0.5, 0.1, 0.9, "what is offered outside of the burst, as a share of capacity"),
	clients: count(20, 2, 1_000, "clients, of which the first sends a fifth of all events"),
	deadlineMs: ms(600, 50, 60_000, "a client's patience with an event"),
	goodputPctMin: number(
		90,
		10,
		100,
		"what comes through of the store's capacity at least, %; a ninth less at over five times",
	),
	objectiveMs: ms(120, 10, 60_000, "what p99 is to be under, but in the burst and the faults"),
	...phaseParams({ warmMs: 1_500, steadyMs: 6_000, recoverLimitMs: 5_000, intervalMs: 250 }),
	beforeMs: ms(1_000, 100, 60_000, "undisturbed load before the burst"),
	burstMs: ms(3_000, 200, 60_000, "length of the burst"),
	slowMs: ms(3_000, 200, 60_000, "how long the store is slow"),
	slowByMs: ms(40, 1, 10_000, "by how much longer it takes over an event then"),
	gapMs: ms(1_000, 0, 60_000, "between the two faults"),
	awayMs: ms(3_000, 300, 60_000, "how long the broker is away"),
};

export type P = Params<typeof properties>;

/** What the store can take, by arithmetic. */
export function statedPerSec({ slots, serviceMs }: Pick<P, "slots" | "serviceMs">): number {
	return (1_000 * slots) / serviceMs;
}

export function serviceOf({ guard, control }: Pick<P, "guard" | "control">): "guarded" | "naive" {
	return guard === "off" || control === "on" ? "naive" : "guarded";
}

/** When the burst begins and ends, from the loads' zero. */
export function burstWindow({ warmMs, beforeMs, burstMs }: P): { fromMs: number; toMs: number } {
	const fromMs = warmMs + beforeMs;
	return { fromMs, toMs: fromMs + burstMs };
}

/** What is offered, step by step: the usual load, the burst, and the usual load again. */
export function stepsOf(p: P): { ratePerSec: number; forMs: number }[] {
	const { fromMs, toMs } = burstWindow(p);
	const stated = statedPerSec(p);
	return [
		{ ratePerSec: p.baseShare * stated, forMs: fromMs },
		{ ratePerSec: p.burst * stated, forMs: toMs - fromMs },
		{ ratePerSec: p.baseShare * stated, forMs: 1 },
	];
}

/** What a client may send: more than its share of what the store takes, for not all of them come at once. */
export function contractOf(p: P): { ratePerSec: number; burst: number } {
	const ratePerSec = 0.4 * statedPerSec(p);
	return { ratePerSec, burst: Math.ceil(0.2 * ratePerSec) };
}

/** Retries of a client per event that it sends. */
export const budgetShare = 0.1;
