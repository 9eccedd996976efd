import type { Reason, RunDocument, RunState, Tries, Verdict } from "../record/document.ts";
import type { Outcome } from "./outcome.ts";

/** A run as a summary of several keeps it. */
export interface RunResult {
	runId: string;
	state: RunState;
	verdict: Verdict | null;
	expect: "passed" | "failed";
	asExpected: boolean;
	reasons: Reason[];
	/** The tries before it, of which it counts alone; empty where it is the first. */
	before: Tries["before"];
	/** Checks that did not hold, with their sentences. */
	failed: { id: string; case: string | null; message: string }[];
	tookMs: number;
}

export function resultOfRun(run: RunDocument): RunResult {
	const { runId, state, verdict, expect, asExpected, reasons, startedAt, endedAt, tries } = run;
	return {
		runId,
		state,
		verdict,
		expect,
		asExpected: asExpected === true,
		reasons,
		before: tries.before,
		failed: run.checks
			.filter(({ outcome }) => outcome !== "held")
			.map(({ id, case: case_, message }) => ({ id, case: case_, message })),
		tookMs: startedAt && endedAt ? Date.parse(endedAt) - Date.parse(startedAt) : 0,
	};
}

/** What a run comes to by itself, and why, in a sentence. */
export function outcomeOfRun(run: RunDocument): {
	outcome: Extract<Outcome, "as_expected" | "not_as_expected" | "invalid">;
	why: string;
} {
	const { verdict, state, expect, asExpected, reasons, tries } = run;
	const seen = verdict ?? state;
	if (verdict === "invalid" || verdict === null) {
		const codes = [...new Set(reasons.map(({ code }) => code))].join(", ");
		return { outcome: "invalid", why: `the run is ${seen}${codes === "" ? "" : `: ${codes}`}` };
	}
	const again = tries.before.length === 0 ? "" : `, at try ${tries.before.length + 1}`;
	if (asExpected === true)
		return { outcome: "as_expected", why: `it ${seen}, as expected${again}` };
	if (verdict === expect)
		return {
			outcome: "not_as_expected",
			why: "it failed, but not by the checks that its twin must fail",
		};
	return { outcome: "not_as_expected", why: `it ${seen}, and ${expect} was expected` };
}

/** The tries before a run, each with why it told nothing: with them it is flaky, however it ended. */
export function flakyLines(run: Pick<RunResult, "before"> | null): string[] {
	return (run?.before ?? []).map(({ runId, why }) => `${runId}: ${why}`);
}

/** How many of these were as expected without being tried again, in words. */
export function firstTriesText(
	results: readonly { outcome: Outcome | null; run: Pick<RunResult, "before"> | null }[],
): string {
	const first = results.filter(
		({ outcome, run }) => outcome === "as_expected" && run?.before?.length === 0,
	);
	return `${first.length} at the first try`;
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
