import type { CaseResult } from "../record/case-result.ts";
import type { Timings } from "../record/document.ts";
import type { MachineUse } from "../record/machine.ts";
import { latenessMsOf } from "./doubt.ts";

/** Of all cases together. */
export function timingsOf(results: readonly Pick<CaseResult, "late" | "loads" | "use">[]): Timings {
	const why = results.flatMap(({ late }) => late);
	const ms = results.flatMap(({ loads }) =>
		loads
			.filter(({ phase }) => phase !== "warming" && phase !== "all")
			.map(({ summary }) => latenessMsOf(summary)),
	);
	return {
		state: why.length > 0 ? "late" : "clean",
		latenessMs: ms.length === 0 ? null : Math.round(10 * Math.max(...ms)) / 10,
		why,
		machine: mostOf(results.flatMap(({ use }) => use ?? [])),
	};
}

export function mostOf(uses: readonly MachineUse[]): MachineUse | null {
	if (uses.length === 0) return null;
	const most = (of: keyof MachineUse) =>
		Math.round(10 * Math.max(...uses.map((use) => use[of]))) / 10;
	return { othersPct: most("othersPct"), waitedPct: most("waitedPct") };
}
