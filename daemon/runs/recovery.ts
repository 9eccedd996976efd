import type { Facts } from "../../scenarios/facts.ts";
import type { CaseResult } from "./case-run.ts";
import type { CaseWatch } from "./case-watch.ts";

/** How long it took from the first injection, and from the last heal, to steady state; null where that is not known. */
export function recoveryOf(
	{ faults, phases }: Pick<CaseResult, "faults" | "phases">,
	{ knowsSteady, recoveredMs }: Pick<CaseWatch, "knowsSteady" | "recoveredMs">,
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
