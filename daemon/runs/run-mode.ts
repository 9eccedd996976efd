import type { DuetPlan } from "../duet/duet.ts";
import type { Side } from "../duet/slices.ts";
import type { Variant } from "../duet/variant.ts";

/** What a run does with its scenario. */
export type RunMode =
	| { kind: "scenario" }
	/** Tries random timelines instead of the plan's own. */
	| { kind: "explore"; budgetMs: number }
	/** Two variants side by side, pair after pair. */
	| { kind: "duet"; plan: DuetPlan; variants: Record<Side, Variant> };

/** The same as it is asked for: a variant's parameters are laid over the run's and resolved with them. */
export type RunRequest =
	| Exclude<RunMode, { kind: "duet" }>
	| {
			kind: "duet";
			plan: DuetPlan;
			variants: Record<Side, Pick<Variant, "urls"> & { params: Record<string, unknown> }>;
	  };
