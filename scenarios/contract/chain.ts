import { type TProperties, Type } from "typebox";
import type { Json } from "../../base/json.ts";
import type { ServiceId } from "../../base/services.ts";
import type { ClientSpecs } from "../../load/work.ts";
import type { HookContext } from "./context.ts";
import type { Facts } from "./facts.ts";
import type { Judgement } from "./judgement.ts";
import type { Need, NeedsFor, ServicesFor, ServicesIn } from "./needs.ts";
import type { OwnParams, Params } from "./run-params.ts";
import { type Definition, defaultLimits, type Scenario } from "./scenario.ts";
import type { Settle } from "./settle.ts";

/** All that the hooks and judgements of one experiment know of it, one type each. */
interface Known {
	params: unknown;
	needs: Need;
	/** What only a parameter's value wants. */
	perhaps: ServiceId;
	loads: string;
	subjects: string;
	state: unknown;
	observed: unknown;
	expected: unknown;
}

type Ctx<K extends Known> = HookContext<
	K["params"],
	ServicesIn<K["needs"]>,
	K["state"],
	K["loads"],
	K["subjects"],
	K["perhaps"]
>;
type FactsOf<K extends Known> = Facts<K["params"], K["observed"], K["expected"]>;
type With<K extends Known, Name extends keyof Known, T> = {
	[N in keyof Known]: N extends Name ? T : K[N];
};

/** An experiment, and what can still be said of it. Each call says one thing more, with the types of all before it. */
export interface Chain<K extends Known> extends Scenario {
	/** Makes what a case needs, under `ctx.names`; what it resolves with is `ctx.state` of the hooks after it. */
	arrange<S>(hook: (ctx: Ctx<K>) => Promise<S>): Chain<With<K, "state", S>>;
	/** Numbers of its own, asked for once an interval while the load runs: for alert rules, abort conditions and the record. */
	gauges(gauges: Record<string, (ctx: Ctx<K>) => Promise<number>>): Chain<K>;
	/** What is waited for between the load's end and `observe`. */
	settle(settle: Settle<Ctx<K>>): Chain<K>;
	/** What is there after the load, and what should be there by a second, independent path; at most 256 KiB of JSON each. */
	observe<O extends Json, E extends Json = null>(
		observed: (ctx: Ctx<K>) => Promise<O>,
		expected?: (ctx: Ctx<K>) => Promise<E>,
	): Chain<With<With<K, "observed", O>, "expected", E>>;
	/** What is concluded from the facts of a case: pieces, and checks, metrics and charts of its own. */
	judge(...pieces: Judgement<FactsOf<K>>[]): Chain<K>;
	/** What is concluded from all cases of a sweep together, after the last. */
	judgeAll(...pieces: Judgement<readonly FactsOf<K>[]>[]): Chain<K>;
}

/**
 * Begins an experiment: `export default scenario({ … }).arrange(…).observe(…).judge(…)` in a file `NAME.scenario.ts`. Each
 * call gives a new one; what is left out, it has none of.
 */
export function scenario<
	const P extends TProperties,
	const N extends Need,
	L extends Record<string, ClientSpecs>,
	Path extends string = never,
	Subject extends string = never,
	Job extends string = never,
	const F extends NeedsFor<OwnParams<P>> = Record<never, never>,
>(
	definition: Definition<P, N, L, Path, Subject, Job, F>,
): Chain<{
	params: Params<P>;
	needs: N;
	perhaps: ServicesFor<F>;
	loads: keyof L & string;
	subjects: Subject;
	state: undefined;
	observed: null;
	expected: null;
}> {
	const { params, sizes = {}, twin = null, tolerates = [], limits, ...rest } = definition;
	const { needsFor = {}, explore = null, atScale = null } = definition;
	return chainOf({
		...rest,
		params: Type.Object(params),
		sizes,
		needsFor,
		twin,
		tolerates,
		limits: { ...defaultLimits, ...limits },
		cases: definition.cases ?? (() => ({})),
		explore: typeof explore === "object" && explore !== null ? () => explore : explore,
		atScale,
		hooks: { arrange: null, gauges: {}, settle: null, observe: null, truth: null },
		judgement: {},
		judgementOfAll: {},
	} as unknown as Scenario);
}

// biome-ignore lint/suspicious/noExplicitAny: the types of an experiment are forgotten here, and only here
function chainOf(said: Scenario): Chain<any> {
	const withHooks = (hooks: Partial<Scenario["hooks"]>) =>
		chainOf({ ...said, hooks: { ...said.hooks, ...hooks } });
	return {
		...said,
		arrange: (arrange) => withHooks({ arrange }),
		gauges: (gauges) => withHooks({ gauges: { ...said.hooks.gauges, ...gauges } }),
		settle: (settle) => withHooks({ settle }),
		observe: (observe, truth) => withHooks({ observe, truth: truth ?? null }),
		judge: (...pieces) => chainOf({ ...said, judgement: together(said.judgement, pieces) }),
		judgeAll: (...pieces) =>
			chainOf({ ...said, judgementOfAll: together(said.judgementOfAll, pieces) }),
	};
}

/** All of these as one; a name that two of them use is a mistake, for one would hide the other. */
function together<F>(first: Judgement<F>, others: readonly Judgement<F>[]): Judgement<F> {
	const all = [first, ...others];
	const merged = <T>(what: string, of: (one: Judgement<F>) => Record<string, T> | undefined) => {
		const entries = all.flatMap((one) => Object.entries(of(one) ?? {}));
		const names = entries.map(([name]) => name);
		const twice = names.find((name, at) => names.indexOf(name) !== at);
		if (twice !== undefined) throw new Error(`two ${what} are called "${twice}": rename one`);
		return Object.fromEntries(entries);
	};
	return {
		checks: merged("checks", ({ checks }) => checks),
		metrics: merged("metrics", ({ metrics }) => metrics),
		charts: merged("charts", ({ charts }) => charts),
	};
}
