import type { TProperties, TSchema } from "typebox";
import type { Json } from "../../base/json.ts";
import type { Grammar } from "../../chaos/grammar.ts";
import type { ClientSpecs } from "../../load/work.ts";
import type { HookContext } from "./context.ts";
import type { Facts } from "./facts.ts";
import type { Judgement } from "./judgement.ts";
import type { Need, NeedsFor, ServicesFor, ServicesIn } from "./needs.ts";
import type { Plan } from "./plan.ts";
import type { OwnParams, Params, RunParams } from "./run-params.ts";
import type { Settle } from "./settle.ts";
import type { Tolerance } from "./tolerance.ts";

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

/** What `guard=off` runs: the same without what the scenario is about. */
export interface Twin {
	/** Ids of the correctness checks that it must fail, each. Those that hold of it all the same are not named. */
	fails: readonly string[];
}

/** What an experiment says of itself, and what it runs; `scenario` makes one, its hooks and judgements follow. */
export interface Definition<
	P extends TProperties,
	N extends Need,
	L extends Record<string, ClientSpecs>,
	Path extends string,
	Subject extends string,
	Job extends string,
	F extends NeedsFor<OwnParams<P>>,
> {
	title: string;
	/** The question that it decides, in a line. */
	question: string;
	/** Each with a default, bounds and a description. */
	params: P;
	/** Other defaults per size; an explicit parameter wins. */
	sizes?: { small?: Partial<OwnParams<P>>; large?: Partial<OwnParams<P>> };
	/** What has to be there: services of the stack, and tools. */
	needs: readonly N[];
	/** What only a parameter's value wants: `{ engine: { debezium: ["kafka", "connect"], flink: [tool("flink")] } }`. */
	needsFor?: F;
	/** There is a naive twin. */
	twin?: Twin;
	/** Rules of the verdict that do not hold for it, by name: each is one green more that may mean nothing. */
	tolerates?: readonly Tolerance[];
	limits?: Partial<Limits>;
	/** Pure and synchronous: called again wherever its functions are needed. */
	plan(p: Params<P>): Plan<L, NoInfer<ServicesIn<N> | ServicesFor<F>>, Path, Subject, Job>;
	/** Case id → parameter overrides; a sweep. Cases run one after another. */
	cases?(p: Params<P>): Record<string, Partial<OwnParams<P>>>;
	/** What `faultline explore` may break; without it, what the plan's own timeline breaks. */
	explore?: Grammar | ((p: Params<P>) => Grammar);
	/** Of those that Faultline ships. */
	atScale?: AtScale;
}

type Hook<T> = (ctx: HookContext<RunParams>) => Promise<T>;

/** The code of an experiment beside its plan; null for what it has none of. */
export interface Hooks {
	/** Makes what the run needs, under `ctx.names`; what it resolves with is the state of the case. */
	arrange: Hook<unknown> | null;
	/** Asked for once an interval while the load runs. One that throws or takes longer has no value then. */
	gauges: Readonly<Record<string, Hook<number>>>;
	settle: Settle<HookContext<RunParams>> | null;
	/** What is there after the run. */
	observe: Hook<Json> | null;
	/** What should be there, by a second, independent path. */
	truth: Hook<Json> | null;
}

/**
 * One experiment with its types forgotten, as the hosts handle it: they hand back just what its own functions made. Only
 * data leaves the run host: `observe` and `truth` answer with at most 256 KiB of JSON; checks and metrics are pure, so
 * that they run again on a stored record.
 */
export interface Scenario {
	title: string;
	question: string;
	params: TSchema;
	sizes: { small?: Partial<RunParams>; large?: Partial<RunParams> };
	needs: readonly Need[];
	needsFor: NeedsFor<Record<string, string>>;
	twin: Twin | null;
	tolerates: readonly Tolerance[];
	limits: Limits;
	plan(p: RunParams): Plan;
	cases(p: RunParams): Record<string, Partial<RunParams>>;
	explore: ((p: RunParams) => Grammar) | null;
	atScale: AtScale | null;
	hooks: Hooks;
	/** Of each case. */
	judgement: Judgement<Facts>;
	/** Over all cases of a sweep together, after the last of them: what no case can tell alone. */
	judgementOfAll: Judgement<readonly Facts[]>;
}
