import type { Verdict } from "../runs/document.ts";

/** Several runs on one page, such as a night's. */
export interface Summary {
	title: string;
	startedAt: string | null;
	endedAt: string | null;
	rows: readonly SummaryRow[];
}

export interface SummaryRow {
	scenario: string;
	/** Size, guard and parameters, in words; empty where all are defaults. */
	params: string;
	/** Null where it was not run. */
	runId: string | null;
	verdict: Verdict | null;
	expect: "passed" | "failed";
	asExpected: boolean | null;
	/** What changed against the baseline or the last night, a sentence each. */
	changes: readonly { text: string; worse: boolean }[];
	/** Why it failed, or was not run. */
	why: string;
	/** Where its report is, relative to this page; null where there is none. */
	report: string | null;
}
