import { loadEntry } from "../../base/catalog.ts";
import { FaultlineError } from "../../base/errors.ts";
import type { RunParams } from "../../scenarios/contract/run-params.ts";
import type { DuetPlan, Side } from "../record/duet.ts";
import type { RunWork } from "./run-work.ts";
import type { Variant } from "./variant.ts";

/** What a run does with its scenario. */
export type RunMode =
	| {
			kind: "scenario";
			/** Other than what the guard says: for a parameter that is there to fail, or a twin that is known to hold. */
			expect?: "passed" | "failed";
	  }
	/** Tries random timelines instead of the plan's own. */
	| { kind: "explore"; budgetMs: number }
	/** Two variants side by side, pair after pair. */
	| { kind: "duet"; plan: DuetPlan; variants: Record<Side, Variant> };

/**
 * How a run in one mode is performed. A file in `modes/` default-exports one; the file's name is its kind. Runs know no
 * mode by import, so that a mode may lean on runs.
 */
export interface Mode<K extends RunMode["kind"]> {
	perform(work: RunWork, mode: Extract<RunMode, { kind: K }>): Promise<void>;
}

/** The way to perform this mode. */
export function loadMode<K extends RunMode["kind"]>(
	mode: Extract<RunMode, { kind: K }>,
): Promise<Mode<K>> {
	return loadEntry<Mode<K>>(new URL("../modes/", import.meta.url), mode.kind, "mode of a run");
}

/** A mode as it is asked for: a variant's parameters are laid over the run's and resolved with them. */
export type RunRequest =
	| Exclude<RunMode, { kind: "duet" }>
	| {
			kind: "duet";
			plan: DuetPlan;
			variants: Record<Side, Pick<Variant, "urls"> & { params: Record<string, unknown> }>;
	  };

/** The mode that was asked for, with the parameters of its variants resolved. */
export function modeOf(
	request: RunRequest,
	resolve: (params: Record<string, unknown>) => RunParams,
): RunMode {
	if (request.kind !== "duet") return request;
	const { a, b } = request.variants;
	const variant = ({ params, urls }: typeof a): Variant => {
		if (!Object.hasOwn(params, "allowDestructive")) return { params: resolve(params), urls };
		throw new FaultlineError(
			"FLT_USAGE",
			"a side of a duet has allowDestructive",
			"it is allowed for the whole run: --allow-destructive",
		);
	};
	return { ...request, variants: { a: variant(a), b: variant(b) } };
}

/** All parameters that a run in this mode will have; null where they are the run's own. */
export function paramsOf(mode: RunMode): RunParams[] | null {
	return mode.kind === "duet" ? [mode.variants.a.params, mode.variants.b.params] : null;
}
