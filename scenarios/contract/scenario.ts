import type { TObject, TProperties, TSchema } from "typebox";
import type { Endpoint } from "../../base/endpoint.ts";
import type { Json } from "../../base/json.ts";
import type { RunNames } from "../../base/run-names.ts";
import type { Grammar } from "../../chaos/grammar.ts";
import type { JournalEntry } from "../../load/journal.ts";
import type { Counts } from "../../load/report.ts";
import type { ClientSpecs } from "../../load/work.ts";
import type { Chart } from "./chart.ts";
import type { Facts, Judged, JudgedSet, MetricSpec } from "./facts.ts";
import type { Plan, ServiceId } from "./plan.ts";
import type { Params, ReservedParams, RunParams } from "./run-params.ts";
import type { Tolerance } from "./tolerance.ts";

export type { RunNames };

/** What every hook is given. */
export interface HookContext<P> {
	readonly params: P;
	readonly case: string | null;
	readonly names: RunNames;
	/** The services, past the faults' proxies. A service that the scenario does not need is not in it. */
	readonly direct: { readonly [K in ServiceId]?: Endpoint };
	/** Base URL of a subject, past its proxy. Throws where there is no such subject. */
	subject(name: string): string;
	/** A folder that a subject writes to (its working directory); removed with the run. */
	subjectFolder(name: string): string;
	/** The run's zero in milliseconds of the machine's monotonic clock: what a subject has timed, less this, is in run time. */
	readonly zeroMs: number;
	/** The ended operations of a load, from its journal; in no order over workers. */
	journal(load: string): AsyncIterable<JournalEntry>;
	/** What became of a load's operations, once it has ended. */
	counts(load: string): Readonly<Counts>;
	/** Aborted when the run stops or the hook has reached its limit. */
	readonly signal: AbortSignal;
	log(message: string): void;
}

/** The note on what changes at 100 to 10,000 times the size. */
export interface AtScale {
	growth: string;
	breaksFirst: string;
	replacement: string;
}

export interface Limits {
	/** Longest run of a hook; past it the run ends (`hook_limit`). */
	hookMs: number;
	/** Most resident memory of the run host, workers included; past it the run ends (`host_died`). */
	memoryMb: number;
}

export const defaultLimits: Limits = { hookMs: 30_000, memoryMb: 1_500 };

/**
 * One experiment. Only data leaves the run host: `observe` and `truth` answer with at most 256 KiB of JSON; checks and
 * metrics are pure, so that they run again on a stored record.
 */
export interface Scenario<
	A extends ReservedParams,
	L extends Record<string, ClientSpecs>,
	O extends Json,
	E extends Json,
> extends Judgement<Facts<A, O, E>> {
	title: string;
	/** The question that it decides, in a line. */
	question: string;
	params: TSchema;
	/** Other defaults per size; an explicit parameter wins. */
	sizes?: { small?: Partial<A>; large?: Partial<A> };
	/** There is a naive twin, `guard=off`, that must fail a correctness check. */
	guarded: boolean;
	/** Rules of the verdict that do not hold for it, by name: each is one green more that may mean nothing. */
	tolerates?: readonly Tolerance[];
	needs: readonly ServiceId[];
	limits?: Partial<Limits>;
	/** Pure and synchronous: called again wherever its functions are needed. */
	plan(p: A): Plan<L>;
	/** Case id → parameter overrides; a sweep. Cases run one after another. */
	cases?(p: A): Record<string, Partial<A>>;
	/** What `faultline explore` may break; without it, what the plan's own timeline breaks. */
	explore?: Grammar;
	/** Makes what the run needs, under `ctx.names`. */
	arrange?(ctx: HookContext<A>): Promise<void>;
	/**
	 * Numbers of the scenario's own, asked for once an interval while the load runs: for alert rules and abort
	 * conditions, and in the record. One that throws or takes longer than an interval has no value then.
	 */
	gauges?: Record<string, (ctx: HookContext<A>) => Promise<number>>;
	/** What is there after the run. */
	observe?(ctx: HookContext<A>): Promise<O>;
	/** What should be there, by a second, independent path. */
	truth?(ctx: HookContext<A>): Promise<E>;
	checks: Record<string, Check<Facts<A, O, E>>>;
	/** Over all cases of a sweep together, after the last of them: what no case can tell alone. */
	overall?: Judgement<readonly Facts<A, O, E>[]>;
	atScale: AtScale;
}

/** What is concluded from facts; pure functions of them, each. */
export interface Judgement<F> {
	checks?: Record<string, Check<F>>;
	metrics?: Record<string, Metric<F>>;
	charts?: Record<string, Chart<F>>;
}

/**
 * `correctness` for anything counted, `performance` for anything timed. A count is required of every schedule, so that a
 * wrong one fails the run whatever the machine did; but for one that timing shapes, such as retries, or what was delivered
 * by a limit: that one fails it only where the run is valid.
 */
export type Check<F> =
	| { kind: "correctness"; shapedBy?: "timing"; judge(facts: F): JudgedSet }
	| { kind: "performance"; judge(facts: F): Judged };

export interface Metric<F> extends MetricSpec {
	/** Null where it does not exist. */
	measure: (facts: F) => number | null;
}

/** A scenario with its types forgotten, as the hosts handle it: they hand back just what its own functions made. */
export type AnyScenario = Scenario<RunParams, Record<string, ClientSpecs>, Json, Json>;

/** Identity, for the types: `export default scenario({ … })` in a file `NAME.scenario.ts`. */
export function scenario<
	P extends TProperties,
	L extends Record<string, ClientSpecs>,
	O extends Json,
	E extends Json,
>(definition: Scenario<Params<P>, L, O, E> & { params: TObject<P> }): Scenario<Params<P>, L, O, E> {
	return definition;
}
