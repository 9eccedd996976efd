import type { FaultSpec } from "../../chaos/fault.ts";
import type { ClientSpecs, LoadSpec } from "../../load/work.ts";
import type { AlertRule } from "./alert-rule.ts";
import type { PhaseName } from "./phase.ts";
import type { GaugeThreshold, Threshold } from "./threshold.ts";

export const serviceIds = ["postgres", "redis", "kafka"] as const;
export type ServiceId = (typeof serviceIds)[number];

/** What a path leads to: a service of the stack, or a subject of this run. */
export type PathTarget = ServiceId | { subject: string };

/**
 * A process of the scenario's own, started by the daemon after `arrange`. One that a path leads to is ready before any
 * that comes later in the plan is started; others start beside each other.
 */
export interface SubjectSpec {
	/** Relative to the scenario's file, as in its sources: `./orders.ts`. */
	file: string;
	args?: string[];
	/**
	 * Beside these it gets `FLT_PATH_<NAME>` for every path that leads to a service or an earlier subject, the names that
	 * it may create things under as `FLT_DATABASE`, `FLT_TOPIC_PREFIX` and `FLT_KEY_PREFIX`, and
	 * `FLT_CONTROLS`, the folder that faults such as `clock-skew` and `slow-work` reach it through.
	 */
	env?: Record<string, string>;
	/**
	 * Goes on from one case of a sweep to the next, for a process that is slow to start. It is told of each further case by
	 * `POST /case`, its variables of that case as JSON, and answers when it is ready for it. What it had written in its
	 * folder is gone by then.
	 */
	keep?: true;
}

export interface Phases {
	/** Load runs, nothing is judged. */
	warmMs: number;
	/** Load runs undisturbed, at least so long: what the faults are held against. */
	steadyMs: number;
	/**
	 * Longest wait for the `steady` thresholds to have held for three intervals in a row; default four times `steadyMs`,
	 * and five seconds at least: what a process that has just started needs does not shrink with a run's size. Without thresholds, and with arrivals that change with time, `steady` lasts `steadyMs`.
	 */
	steadyLimitMs?: number;
	/** After the last fault: longest wait for steady state to come back. */
	recoverLimitMs: number;
	/** Length of an interval; 1,000 unless a short run needs finer steps. */
	intervalMs?: number;
}

/** Ends the run as aborted once it held over a window that slides along with the run. */
export type AbortCondition = (Threshold | GaugeThreshold) & {
	/** Default three intervals. Rates are taken over the window as a whole; anything else must hold all through it. */
	windowMs?: number;
};

/** What one case of a run does. All but `work` is plain data. */
export interface Plan<L extends Record<string, ClientSpecs> = Record<string, ClientSpecs>> {
	phases: Phases;
	paths: Record<string, PathTarget>;
	subjects?: Record<string, SubjectSpec>;
	loads: { [K in keyof L]: LoadSpec<L[K]> };
	/** `fromMs` and `toMs` count from the start of `faulting`. */
	faults?: FaultSpec[];
	/** Steady state: all hold. `steady` must show it before, `recovering` ends with it after the faults. */
	steady?: Threshold[];
	/** Any one ends the run as aborted, its faults healed first. */
	abortWhen?: AbortCondition[];
	/** Each is scored against the injected faults. */
	alerts?: AlertRule[];
}

/** What one trial of an exploration changes in the plan: its faults, and phases that are short. */
export interface Trial {
	phases: Phases;
	faults: FaultSpec[];
}

/** The plan with a trial's faults and phases. Nothing ends it early: what it breaks is to be seen. */
export function withTrial<P extends Pick<Plan, "phases" | "faults" | "abortWhen">>(
	plan: P,
	trial: Trial | null,
): P {
	return trial === null ? plan : { ...plan, ...trial, abortWhen: [] };
}

/** A plan without its functions, as it crosses to the daemon. */
export type PlanData = Omit<Plan, "loads"> & {
	loads: Record<string, Omit<LoadSpec, "work">>;
};

/** Identity, for the types: `load({...})` infers the clients that `work` gets from `clients`. */
export function load<const S extends ClientSpecs>(
	spec: Omit<LoadSpec<S>, "deadlineMs" | "journal" | "workers"> &
		Partial<Pick<LoadSpec<S>, "deadlineMs" | "journal" | "workers">>,
): LoadSpec<S> {
	return { deadlineMs: 30_000, journal: false, workers: 1, ...spec };
}

/** The longest fault's end, from the start of `faulting`; 0 without faults. */
export function faultingMs(plan: Pick<PlanData, "faults">): number {
	return Math.max(0, ...(plan.faults ?? []).map((fault) => fault.toMs));
}

/** The longest that `steady` may last. */
export function steadyLimitMs({ steadyMs, steadyLimitMs }: Phases): number {
	return steadyLimitMs ?? Math.max(4 * steadyMs, steadyLimitLeastMs);
}

const steadyLimitLeastMs = 5_000;

/** The longest that the load may run by plan: `steady` and `recovering` can end before. */
export function plannedMs({ phases, faults }: Pick<PlanData, "phases" | "faults">): number {
	return lengthMs(phases, faults, steadyLimitMs(phases));
}

/** How long the load runs where `steady` takes no longer than it must. */
export function usualMs({ phases, faults }: Pick<PlanData, "phases" | "faults">): number {
	return lengthMs(phases, faults, phases.steadyMs);
}

function lengthMs(
	{ warmMs, recoverLimitMs }: Phases,
	faults: PlanData["faults"],
	steadyMs: number,
): number {
	const faultMs = faultingMs({ faults });
	return warmMs + steadyMs + faultMs + (faultMs > 0 ? recoverLimitMs : 0);
}

/** The phases whose begin is known before the load runs, from its zero; the others are found out on the way. */
export function firstPhases({
	phases: { warmMs },
}: Pick<PlanData, "phases">): { name: PhaseName; fromMs: number }[] {
	return [
		{ name: "warming", fromMs: 0 },
		{ name: "steady", fromMs: warmMs },
	];
}
