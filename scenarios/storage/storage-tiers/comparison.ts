import { billOf, type Lines, monthlyUsd, storageUsdPerDay } from "./cost.ts";
import { latencyQuantileMs, readsByTier } from "./latency.ts";
import { optimum } from "./optimum.ts";
import type { Placement } from "./placement.ts";
import { type PolicyName, placedBy, policyNames } from "./policies.ts";
import type { Prices } from "./prices.ts";
import { type PerTier, perTier } from "./tiers.ts";
import type { Trace } from "./trace.ts";

/** How one way to place a trace does. */
export type Outcome = {
	name: PolicyName | "optimum";
	monthlyUsd: number;
	/** Against everything in hot; below 0 where it costs more. */
	savingsPct: number;
	/** Of the first byte, restores included; null without reads. */
	p50Ms: number | null;
	p95Ms: number | null;
	/** By how much p95 is above that of everything in hot. */
	p95IncreaseMs: number | null;
	reads: PerTier<number>;
	movesCount: number;
	bill: PerTier<Lines>;
};

/** One way to place a trace, by the name of who chose it. */
export interface Placed {
	name: Outcome["name"];
	placement: Placement;
}

/** Every policy's, and the optimum with hindsight last. */
export function placedByAll(trace: Trace, prices: Prices): Placed[] {
	return [
		...policyNames.map((name): Placed => ({ name, placement: placedBy(name, trace, prices) })),
		{ name: "optimum", placement: optimum(trace, prices) },
	];
}

/** How each of these does over one trace. */
export function compare(
	trace: Trace,
	prices: Prices,
	placed: readonly Placed[] = placedByAll(trace, prices),
): Outcome[] {
	const outcomes = placed.map(({ name, placement }) => outcomeOf(name, trace, placement, prices));
	const hot = outcomes.find(({ name }) => name === "all-hot")!;
	return outcomes.map((outcome) => ({
		...outcome,
		savingsPct: 100 * (1 - outcome.monthlyUsd / hot.monthlyUsd),
		p95IncreaseMs: outcome.p95Ms === null || hot.p95Ms === null ? null : outcome.p95Ms - hot.p95Ms,
	}));
}

function outcomeOf(
	name: Outcome["name"],
	trace: Trace,
	placement: Placement,
	prices: Prices,
): Outcome {
	const bill = billOf(trace, placement, prices);
	const reads = readsByTier(trace, placement);
	return {
		name,
		monthlyUsd: monthlyUsd(bill, trace.days, prices),
		savingsPct: 0,
		p50Ms: latencyQuantileMs(0.5, reads, prices),
		p95Ms: latencyQuantileMs(0.95, reads, prices),
		p95IncreaseMs: null,
		reads,
		movesCount: placement.reduce((sum, stays) => sum + stays.length - 1, 0),
		bill,
	};
}

/** The outcome of this name. */
export function outcomeNamed(outcomes: readonly Outcome[], name: Outcome["name"]): Outcome {
	const found = outcomes.find((outcome) => outcome.name === name);
	if (found === undefined) throw new Error(`no outcome "${name}"`);
	return found;
}

/** What storage costs on each day, by tier: how a placement moves what there is from one to the next. */
export function storageByDay(
	{ lives, days }: Trace,
	placement: Placement,
	prices: Prices,
): PerTier<number[]> {
	const byDay = perTier(() => new Array<number>(days).fill(0));
	for (const [i, { sizeBytes }] of lives.entries())
		for (const { tier, fromDay, toDay } of placement[i]!) {
			const usd = storageUsdPerDay(sizeBytes, tier, prices);
			for (let day = fromDay; day < toDay; day++) byDay[tier][day] = byDay[tier][day]! + usd;
		}
	return byDay;
}
