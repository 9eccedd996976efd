import type { ServiceId, ServiceProcess } from "../../base/services.ts";
import type { FaultSpec } from "../../chaos/fault.ts";
import type { ClientSpecs, LoadSpec } from "../../load/work.ts";
import type { AlertRule } from "./alert-rule.ts";
import type { External } from "./external.ts";
import type { PhaseName } from "./phase.ts";
import type { SubjectSpec } from "./subject.ts";
import type { GaugeThreshold, Threshold } from "./threshold.ts";

/** What a path leads to: a service of the stack, a subject of this run, one of its jobs, or a service that runs anyhow. */
export type PathTarget<
	S extends ServiceId = ServiceId,
	Subject extends string = string,
	Job extends string = string,
> = S | { subject: Subject } | { job: Job } | External;

/** The paths that clients of these loads connect through. */
type AtOf<L extends Record<string, ClientSpecs>> = {
	[K in keyof L]: { [C in keyof L[K]]: L[K][C]["at"] }[keyof L[K]];
}[keyof L];

/**
 * A program with arguments that ends: a build, a notebook, a script. An operation starts it by the driver `job`, and is
 * answered with its exit code and output. Faults on it act on whatever of it runs.
 */
export type JobSpec = JobBase &
	(
		| {
				/** The program, looked for in the needed tools and then on the `PATH`, and its first arguments. */
				command: readonly string[];
				file?: never;
				args?: never;
		  }
		| {
				/** A file beside the scenario, `./etl.ts`: `.ts`, `.js`, `.py`, `.jar` or `.sh`; and its first arguments. */
				file: string;
				args?: readonly string[];
				command?: never;
		  }
	);

interface JobBase {
	/** Beside what subjects get. `${path.db}` in a value stands for the address of that path. */
	env?: Record<string, string | number | boolean>;
	/** Where it works, as seen from the scenario's file; without, in a folder of its own that goes with the run. */
	cwd?: string;
	/** Longest run of one; past it, it is killed. Default: as long as the operation has. */
	limitMs?: number;
}

export interface Phases {
	/** Load runs, nothing is judged; default 0. */
	warmMs?: number;
	/** Load runs undisturbed, at least so long: what the faults are held against; default 0. */
	steadyMs?: number;
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

/** Phases with what is usual in place of what was left out. */
export type FullPhases = Required<Phases>;

export function fullPhases(phases: Phases): FullPhases {
	const {
		warmMs = 0,
		steadyMs = 0,
		recoverLimitMs = 0,
		finishLimitMs = 60_000,
		intervalMs = 1_000,
	} = phases;
	return {
		warmMs,
		steadyMs,
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
	Job extends string = string,
> {
	phases: Phases;
	/** Name → what it leads to; each has a proxy that faults act on. Whatever a load's clients connect through is here. */
	paths: { [K in Path | AtOf<L>]: PathTarget<S, Subject, Job> };
	subjects?: { [K in Subject]: SubjectSpec };
	loads: { [K in keyof L]: LoadSpec<L[K]> };
	/** Programs that operations start, by the driver `job` at a path that leads to one. */
	jobs?: { [K in Job]: JobSpec };
	/** `fromMs` and `toMs` count from the start of `faulting`. */
	faults?: FaultSpec<NoInfer<Path | Subject | Job> | ServiceProcess>[];
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
export type PlanData = Omit<Plan, "loads" | "phases" | "jobs" | "paths"> & {
	paths: Record<string, ServiceId | { subject: string } | External>;
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
export function steadyLimitMs({ steadyMs = 0, steadyLimitMs }: Phases): number {
	return steadyLimitMs ?? Math.max(4 * steadyMs, steadyLimitLeastMs);
}

const steadyLimitLeastMs = 5_000;

/** The longest that the load may run by plan: `steady` and `recovering` can end before. */
export function plannedMs({ phases, faults }: Pick<Plan, "phases" | "faults">): number {
	return lengthMs(phases, faults, steadyLimitMs(phases));
}

/** How long the load runs where `steady` takes no longer than it must. */
export function usualMs({ phases, faults }: Pick<Plan, "phases" | "faults">): number {
	return lengthMs(phases, faults, phases.steadyMs ?? 0);
}

function lengthMs(
	{ warmMs = 0, recoverLimitMs = 0 }: Phases,
	faults: Plan["faults"],
	steadyMs: number,
): number {
	const faultMs = faultingMs({ faults });
	return warmMs + steadyMs + faultMs + (faultMs > 0 ? recoverLimitMs : 0);
}

/** The loads that have so many operations and no more, with their number: a run waits for these. */
export function finiteLoads({ loads }: Pick<PlanData, "loads">): Map<string, number> {
	return new Map(
		Object.entries(loads).flatMap(([name, { arrival }]) =>
			arrival.kind === "trials" ? [[name, arrival.count] as const] : [],
		),
	);
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
