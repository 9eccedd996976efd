import type { Json } from "../base/json.ts";
import type { FaultRecord } from "../chaos/injection.ts";
import type { LoadSummary } from "../load/summary.ts";
import type { RunParams } from "./scenario.ts";

export const phaseNames = ["warming", "steady", "faulting", "recovering"] as const;
export type PhaseName = (typeof phaseNames)[number];

/** How a load did in one phase, or over all of them after warm-up. Counts are of operations *intended* in the phase. */
export interface LoadFacts {
	name: string;
	phase: PhaseName | "all";
	summary: LoadSummary;
	/** What the drivers counted from the start to the end of the load, by client: `api.attempts`. In `all` only. */
	counters: Record<string, number>;
}

export interface AlertFacts {
	rule: string;
	case: string | null;
	firedMs: number[];
	resolvedMs: number[];
	/** Against the injected truth; null until alerts are scored. */
	score: null;
}

/** All that a check or a metric may look at: plain data of one case, so that it judges a stored record alike. */
export interface Facts<P = RunParams, O = Json, E = Json> {
	params: P;
	case: string | null;
	phases: { name: PhaseName; fromMs: number; toMs: number }[];
	loads: LoadFacts[];
	faults: FaultRecord[];
	alerts: AlertFacts[];
	/** First fault's injection → steady state again; null where the run has no faults or steady thresholds. */
	recovery: { mttrMs: number; afterHealMs: number; censored: boolean } | null;
	observed: O;
	expected: E;
}

export interface Judged {
	ok: boolean;
	expected: Json;
	actual: Json;
	/** One sentence that a person reads first. */
	message: string;
}

export type Portability = "exact" | "bounded" | "machine";

export interface MetricSpec {
	unit: "ms" | "us" | "count" | "ratio" | "pct" | "per_sec" | "bytes";
	/** The direction that is better. */
	direction: "lower" | "higher";
	/** `exact`: of seed and parameters alone; `bounded`: shaped by timing, not by speed; `machine`: of this host. */
	portability: Portability;
}

/** The facts of one load and phase; throws where the plan has no such load. */
export function loadFacts(
	facts: Facts<unknown, unknown, unknown>,
	name: string,
	phase: LoadFacts["phase"],
): LoadFacts {
	const found = facts.loads.find((load) => load.name === name && load.phase === phase);
	if (found === undefined) throw new Error(`no load "${name}" in phase "${phase}"`);
	return found;
}
