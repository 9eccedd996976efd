import type { Json } from "../../base/json.ts";
import type { FaultRecord } from "../../chaos/injection.ts";
import type { LoadSummary } from "../../load/summary.ts";
import type { PhaseName } from "./phase.ts";
import type { RunParams } from "./run-params.ts";

/** How a load did in one phase, or over all of them after warm-up. Counts are of operations *intended* in the phase. */
export interface LoadFacts {
	name: string;
	phase: PhaseName | "all";
	summary: LoadSummary;
	/** What the drivers counted from the start to the end of the load, by client: `api.attempts`. In `all` only. */
	counters: Record<string, number>;
}

/** What became of one fault in the eyes of a rule. */
export type FaultOutcome =
	/** The rule fired while the fault had its credit. */
	| "detected"
	/** It began while the rule still fired for another that was in force: nothing new was to be said. */
	| "covered"
	| "missed"
	/** Shorter than what the rule could have seen; left out. */
	| "too_short"
	/** No effect was proved: there may have been nothing to see; left out. */
	| "unproved"
	/** The record ends before the rule had the time to see it; left out. */
	| "censored";

export interface FaultScore {
	/** The id of the fault's record. */
	fault: string;
	outcome: FaultOutcome;
	/** Injection → the first firing credited to it. */
	detectMs: number | null;
	/** Its end → the end of the last firing credited to it; below 0 where the rule gave up while it was in force. */
	resolveMs: number | null;
	/** The rule still fired, or the fault was in force, when the record ended: `resolveMs` is a lower bound, or unknown. */
	resolveCensored: boolean;
}

/** A rule held against the injected faults that it is about. A number that does not exist is null. */
export interface AlertScore {
	/** Of the firings that say something, the share that a fault explains; repeats for one fault count once. */
	precision: number | null;
	/** Of the faults that it could have seen, the share that it told. */
	recall: number | null;
	/** Median over the faults detected. */
	timeToDetectMs: number | null;
	/** Median over the same. */
	timeToResolveMs: number | null;
	/** One of the times to resolve is a lower bound. */
	resolveCensored: boolean;
	trueCount: number;
	falseCount: number;
	/** Firings for faults that an earlier firing had told already. */
	repeatCount: number;
	/** Firings that are left out: in warm-up, or explained only by faults that are left out. */
	ignoredCount: number;
	faultCount: number;
	detectedCount: number;
	missedCount: number;
	tooShortCount: number;
	/** The shortest fault that the rule could have seen. */
	shortestFaultMs: number;
	/** A fault explains firings until so long after its end: two evaluation intervals and the rule's `for`. */
	graceMs: number;
	faults: FaultScore[];
}

export interface AlertFacts {
	rule: string;
	case: string | null;
	/** A rule of the plan, or alerts that came in over the API under this name. */
	origin: "plan" | "received";
	/** Below 0 where alerts from outside had fired before the run. */
	firedMs: number[];
	resolvedMs: number[];
	/** One for each firing: when somebody took it on, null where nobody did. */
	acknowledgedMs: (number | null)[];
	/** Against the injected truth; null where none was to be had, as without a load. */
	score: AlertScore | null;
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
	/**
	 * 0, as long as the generator was in time. Else at most so many operations were due on one side of a fault's begin or
	 * end and started on the other; a check that counts what timing shapes is asked again with them counted as having gone
	 * as badly as they can (above 0), and as well (below), and is told only if it ends the same.
	 */
	straddlingCount: number;
	observed: O;
	expected: E;
}

/** What a check found. */
export interface Judged {
	/**
	 * Whether it holds; `cannot_tell` where what was seen does not decide it, `cannot_tell_here` where that is the machine's
	 * fault, which was too late or too restless. The run is invalid then, not failed, and in the second case tried again.
	 */
	ok: boolean | "cannot_tell" | "cannot_tell_here";
	expected: Json;
	actual: Json;
	/** One sentence that a person reads first. */
	message: string;
}

/** What a check that counts has judged. */
export interface JudgedSet extends Judged {
	/**
	 * How many things it judged, such as accepted orders. One that holds over none of them has shown nothing: it ends as
	 * `cannot_tell`. Null where it is about no set, or an empty one is as good as any.
	 */
	over: number | null;
}

export type Portability = "exact" | "bounded" | "machine";

export interface MetricSpec {
	unit: "s" | "ms" | "us" | "count" | "ratio" | "pct" | "per_sec" | "bytes" | "usd";
	/** The direction that is better. */
	direction: "lower" | "higher";
	/** `exact`: of seed and parameters alone; `bounded`: shaped by timing, not by speed; `machine`: of this host. */
	portability: Portability;
}

/** The facts of one load and phase; throws where the plan has no such load. */
export function loadFacts(
	facts: Pick<Facts, "loads">,
	name: string,
	phase: LoadFacts["phase"],
): LoadFacts {
	const found = facts.loads.find((load) => load.name === name && load.phase === phase);
	if (found === undefined) throw new Error(`no load "${name}" in phase "${phase}"`);
	return found;
}
