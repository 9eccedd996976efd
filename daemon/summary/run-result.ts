import type { Reason, RunDocument, RunState, Verdict } from "../runs/document.ts";
import type { Outcome } from "./outcome.ts";

/** A run as a summary of several keeps it. */
export interface RunResult {
	runId: string;
	state: RunState;
	verdict: Verdict | null;
	expect: "passed" | "failed";
	asExpected: boolean;
	reasons: Reason[];
	/** Checks that did not hold, with their sentences. */
	failed: { id: string; case: string | null; message: string }[];
	tookMs: number;
}

export function resultOfRun(run: RunDocument): RunResult {
	const { runId, state, verdict, expect, asExpected, reasons, startedAt, endedAt } = run;
	return {
		...{ runId, state, verdict, expect, asExpected: asExpected === true, reasons },
		failed: run.checks
			.filter(({ outcome }) => outcome !== "held")
			.map(({ id, case: case_, message }) => ({ id, case: case_, message })),
		tookMs: startedAt && endedAt ? Date.parse(endedAt) - Date.parse(startedAt) : 0,
	};
}

/** What a run comes to by itself, and why, in a sentence. */
export function outcomeOfRun({ verdict, state, expect, asExpected, reasons }: RunDocument): {
	outcome: Extract<Outcome, "as_expected" | "not_as_expected" | "invalid">;
	why: string;
} {
	const seen = verdict ?? state;
	if (verdict === "invalid" || verdict === null) {
		const codes = [...new Set(reasons.map(({ code }) => code))].join(", ");
		return { outcome: "invalid", why: `the run is ${seen}${codes === "" ? "" : `: ${codes}`}` };
	}
	if (asExpected === true) return { outcome: "as_expected", why: `it ${seen}, as expected` };
	return { outcome: "not_as_expected", why: `it ${seen}, and ${expect} was expected` };
}

/** What a reader needs of a run that is not as it should be, a line each. */
export function runDetails(
	{ runId, reasons, failed }: RunResult,
	repeats: readonly string[] = [],
): string[] {
	return [
		`  run ${runId}${repeats.length > 0 ? `, repeated by ${repeats.join(", ")}` : ""}`,
		...reasons.map(({ code, message }) => `  ${code}: ${message}`),
		...failed.map(({ id, message }) => `  check ${id}: ${message}`),
	];
}
