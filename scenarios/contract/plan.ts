import type { FaultSpec, ServiceProcess } from "../../chaos/fault.ts";
import type { ClientSpecs, LoadSpec } from "../../load/work.ts";
import type { AlertRule } from "./alert-rule.ts";
import type { ServiceId } from "./needs.ts";
import type { PhaseName } from "./phase.ts";
import type { GaugeThreshold, Threshold } from "./threshold.ts";

/** What a path leads to: a service of the stack, or a subject of this run. */
export type PathTarget<S extends ServiceId = ServiceId, Subject extends string = string> =
	| S
	| { subject: Subject };

/** The paths that clients of these loads connect through. */
type AtOf<L extends Record<string, ClientSpecs>> = {
	[K in keyof L]: { [C in keyof L[K]]: L[K][C]["at"] }[keyof L[K]];
}[keyof L];

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
	env?: Record<string, string | number | boolean>;
	/**
	 * Goes on from one case of a sweep to the next, for a process that is slow to start. It is told of each further case by
	 * `POST /case`, its variables of that case as JSON, and answers when it is ready for it. What it had written in its
	 * folder is gone by then.
	 */
	keep?: true;
}

export interface Phases {
	/** Load runs, nothing is judged; default 0. */
	warmMs?: number;
	/** Load runs undisturbed, at least so long: what the faults are held against. */
	steadyMs: number;
	/**
	 * Longest wait for the `steady` thresholds to have held for three intervals in a row; default four times `steadyMs`,
	 * and five seconds at least: what a process that has just started needs does not shrink with a run's size. Without thresholds, and with arrivals that change with time, `steady` lasts `steadyMs`.
	 */
	steadyLimitMs?: number;
	/** After the last fault: longest wait for steady state to come back. Needed where there are faults. */
	recoverLimitMs?: number;
	/** At the end: longest wait for loads of so many operations, such as trials, to have done all of them; default 60,000. */
	finishLimitMs?: number;
	/** Length of an interval; 1,000 unless a short run needs finer steps. */
	intervalMs?: number;
}

/** The same with what is usual in place of what was left out. */
export type FullPhases = Required<Phases>;

export function fullPhases(phases: Phases): FullPhases {
	const { warmMs = 0, recoverLimitMs = 0, finishLimitMs = 60_000, intervalMs = 1_000 } = phases;
	return {
		warmMs,
		steadyMs: phases.steadyMs,
		steadyLimitMs: steadyLimitMs(phases),
		recoverLimitMs,
		finishLimitMs,
		intervalMs,
	};
}

/** Ends the run as aborted once it held over a window that slides along with the run. */
export type AbortCondition<Load extends string = string> = (Threshold<Load> | GaugeThreshold) & {
	/** Default three intervals. Rates are taken over the window as a whole; anything else must hold all through it. */
	windowMs?: number;
};

/** What one case of a run does. All but `work` is plain data. */
export interface Plan<
	L extends Record<string, ClientSpecs> = Record<string, ClientSpecs>,
	S extends ServiceId = ServiceId,
	Path extends string = string,
	Subject extends string = string,
> {
	phases: Phases;
	/** Name → what it leads to; each has a proxy that faults act on. Whatever a load's clients connect through is here. */
	paths: { [K in Path | AtOf<L>]: PathTarget<S, Subject> };
	subjects?: { [K in Subject]: SubjectSpec };
	loads: { [K in keyof L]: LoadSpec<L[K]> };
	/** `fromMs` and `toMs` count from the start of `faulting`. */
	faults?: FaultSpec<NoInfer<Path | Subject> | ServiceProcess>[];
	/** Steady state: all hold. `steady` must show it before, `recovering` ends with it after the faults. */
	steady?: Threshold<NoInfer<keyof L & string>>[];
	/** Any one ends the run as aborted, its faults healed first. */
	abortWhen?: AbortCondition<NoInfer<keyof L & string>>[];
	/** Each is scored against the injected faults. */
	alerts?: AlertRule<NoInfer<keyof L & string>>[];
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
export type PlanData = Omit<Plan, "loads" | "phases"> & {
	phases: FullPhases;
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
export function faultingMs(plan: Pick<Plan, "faults">): number {
	return Math.max(0, ...(plan.faults ?? []).map((fault) => fault.toMs));
}

/** The longest that `steady` may last. */
export function steadyLimitMs({ steadyMs, steadyLimitMs }: Phases): number {
	return steadyLimitMs ?? Math.max(4 * steadyMs, steadyLimitLeastMs);
}

const steadyLimitLeastMs = 5_000;

/** The longest that the load may run by plan: `steady` and `recovering` can end before. */
export function plannedMs({ phases, faults }: Pick<Plan, "phases" | "faults">): number {
	return lengthMs(phases, faults, steadyLimitMs(phases));
}

/** How long the load runs where `steady` takes no longer than it must. */
export function usualMs({ phases, faults }: Pick<Plan, "phases" | "faults">): number {
	return lengthMs(phases, faults, phases.steadyMs);
}

function lengthMs(
	{ warmMs = 0, recoverLimitMs = 0 }: Phases,
	faults: Plan["faults"],
	steadyMs: number,
): number {
	const faultMs = faultingMs({ faults });
	return warmMs + steadyMs + faultMs + (faultMs > 0 ? recoverLimitMs : 0);
}

/** The phases whose begin is known before the load runs, from its zero; the others are found out on the way. */
export function firstPhases({
	phases: { warmMs = 0 },
}: Pick<Plan, "phases">): { name: PhaseName; fromMs: number }[] {
	return [
		{ name: "warming", fromMs: 0 },
		{ name: "steady", fromMs: warmMs },
	];
}
