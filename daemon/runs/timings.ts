import type { CaseResult } from "./case-run.ts";
import type { RunDocument } from "./document.ts";
import { latenessMsOf } from "./doubt.ts";
import type { MachineUse } from "./machine-use.ts";

/** Whether timings may be compared with those of other runs. */
export interface Timings {
	/** `late`: the generator was, or the host stood still. Verdicts take that into account, comparisons leave it out. */
	state: "clean" | "late";
	/** By at most so much the generator moved any time after warm-up; null where no load ran, and in older records. */
	latenessMs: number | null;
	/** What was late, and by how much; empty where nothing was. */
	why: string[];
	/** What else the machine did meanwhile, the most of any case; null where nobody knows. */
	machine: MachineUse | null;
}

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

function mostOf(uses: readonly MachineUse[]): MachineUse | null {
	if (uses.length === 0) return null;
	const most = (of: keyof MachineUse) =>
		Math.round(10 * Math.max(...uses.map((use) => use[of]))) / 10;
	return { othersPct: most("othersPct"), waitedPct: most("waitedPct") };
}

/** One line on timings that are not clean; null on those that are. */
export function timingsText({
	timings,
	reasons,
}: Pick<RunDocument, "timings" | "reasons">): string | null {
	if (timings.state === "clean") return null;
	const late =
		timings.latenessMs === null
			? "the generator was late"
			: `the generator was up to ${timings.latenessMs} ms late`;
	const depends = reasons.some(({ code }) => code === "generator_late");
	const verdict = depends ? "what depends on it is named" : "no verdict depends on it";
	return `${late}; ${verdict}; these timings are not compared`;
}
