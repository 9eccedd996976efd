import { actionsOf, type Planned, type RealReads, realReads } from "./actions.ts";
import type { Placement } from "./placement.ts";
import { type PolicyName, placedBy } from "./policies.ts";
import { type Prices, readPrices } from "./prices.ts";
import { type Trace, traceOf } from "./trace.ts";

/** What decides a run's simulated days, of its parameters. */
export interface LifecycleParams {
	readonly seed: number;
	readonly objects: number;
	readonly days: number;
	readonly realObjects: number;
	readonly policy: PolicyName;
}

/** The simulated days of a run, and what of them is done with real objects. */
export interface Lifecycle {
	prices: Prices;
	trace: Trace;
	placement: Placement;
	/** The objects that are real, with all their days. */
	real: { trace: Trace; placement: Placement };
	actions: readonly Planned[];
	reads: RealReads;
}

let last: { key: string; lifecycle: Lifecycle } | null = null;

/** The lifecycle of these parameters; made once for who asks again, for a plan is asked for many times. */
export function lifecycleOf(p: LifecycleParams): Lifecycle {
	const { seed, objects, days, realObjects, policy } = p;
	const key = JSON.stringify([seed, objects, days, realObjects, policy]);
	if (last?.key !== key) last = { key, lifecycle: made(p) };
	return last.lifecycle;
}

function made({ seed, objects, days, realObjects, policy }: LifecycleParams): Lifecycle {
	const prices = readPrices();
	const trace = traceOf({ seed, objects, days });
	const placement = placedBy(policy, trace, prices);
	const isReal = (_: unknown, i: number) => trace.lives[i]!.object < realObjects;
	return {
		prices,
		trace,
		placement,
		real: {
			trace: { objects: realObjects, days, lives: trace.lives.filter(isReal) },
			placement: placement.filter(isReal),
		},
		actions: actionsOf(trace, placement, realObjects),
		reads: realReads(trace, placement, realObjects),
	};
}
