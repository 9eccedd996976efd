import type { Facts } from "../../scenarios/contract/facts.ts";
import type { CaseResult } from "../record/case-result.ts";

/**
 * How long it took from the first injection, and from the last heal, to steady state at `recoveredMs`: null where it did
 * not come back while it was waited for. Null where there is nothing to come back from, or to.
 */
export function recoveryOf(
	{ faults, phases }: Pick<CaseResult, "faults" | "phases">,
	knowsSteady: boolean,
	recoveredMs: number | null,
): Facts["recovery"] {
	const injected = faults.flatMap((fault) => fault.injectedMs ?? []);
	const healed = faults.flatMap((fault) => fault.healedMs ?? []);
	if (injected.length === 0 || healed.length === 0 || !knowsSteady) return null;
	const endMs = recoveredMs ?? phases.at(-1)!.toMs;
	return {
		mttrMs: endMs - Math.min(...injected),
		afterHealMs: Math.max(0, endMs - Math.max(...healed)),
		censored: recoveredMs === null,
	};
}
