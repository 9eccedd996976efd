import type { MetricSpec } from "../../scenarios/contract/facts.ts";
import type { CellValue, Scalar } from "../../scenarios/contract/suite.ts";
import type { Environment } from "../record/document.ts";
import { type Outcome, wrongAmong } from "../summary/outcome.ts";
import { firstTriesText, type RunResult } from "../summary/run-result.ts";

/** One performance of a suite: `$FAULTLINE_HOME/suites/<id>.json`, on the disk from its first instant. */
export interface SuiteDocument {
	schema: 1;
	id: string;
	suite: string;
	/** Path of the suite's file. */
	file: string;
	/** What the suite said of itself: a record is read where its file is gone, or has become another. */
	about: { title: string; question: string };
	/** What it was started with; a step's own parameters come before it. */
	given: Record<string, Scalar>;
	seedDrawn: boolean;
	/** `crashed`: its daemon ended before it did, and it is not whole. */
	state: "running" | "done" | "stopped" | "crashed";
	startedAt: string;
	endedAt: string | null;
	/** Null while it runs. */
	outcome: Outcome | null;
	exitCode: number | null;
	/** The outcome in words; while it runs, what it does. */
	headline: string;
	/** Why it ended early; null where it came to its end. */
	stopped: string | null;
	steps: SuiteStepResult[];
	/** Null before its end, and where the suite has none. */
	table: SuiteTableDocument | null;
	/** What follows from the table, and what a reader has to know of it, such as a value that could not be had. */
	notes: string[];
	environment: Environment;
	versions: Record<string, string>;
	suiteHash: string;
}

export interface SuiteStepResult {
	scenario: string;
	params: Record<string, Scalar>;
	expect: "passed" | "failed";
	/** Null as long as it is not done. */
	outcome: Outcome | null;
	/** One sentence. */
	why: string | null;
	/** Null where nothing was run. */
	run: RunResult | null;
	/** Why nothing was run. */
	error: { code: string; message: string } | null;
}

export interface SuiteTableDocument {
	values: { heading: string; unit: MetricSpec["unit"] | null }[];
	/** What tells cells of a row apart; one that is "" where nothing does. */
	columns: string[];
	/** Cells by column, then by value. A metric that is only a lower bound is told as text: `≥ 3000`. */
	rows: { heading: string; cells: CellValue[][] }[];
}

/** The outcome as a person says it; what went wrong comes first, with names. */
export function headlineOf(steps: readonly SuiteStepResult[], stopped: string | null): string {
	const all = steps.map((step) => ({ outcome: step.outcome ?? "not_run", title: titleOf(step) }));
	const good = all.filter(({ outcome }) => outcome === "as_expected").length;
	const wrong = wrongAmong(all);
	const early = stopped === null ? [] : [`it ended early: ${stopped}`];
	const first = firstTriesText(steps);
	if (wrong.length === 0) return [`all ${good} as expected, ${first}`, ...early].join("; ");
	return [...wrong, ...early, `${good} of ${all.length} as expected, ${first}`].join("; ");
}

export function titleOf({
	scenario,
	params,
}: Pick<SuiteStepResult, "scenario" | "params">): string {
	return [scenario, ...Object.entries(params).map(([name, value]) => `${name}=${value}`)].join(" ");
}
