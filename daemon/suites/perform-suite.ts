import { codeOf, messageOf } from "../../base/errors.ts";
import type {
	ScenarioDescription,
	SuiteDescription,
	TableAnswer,
	TableJob,
} from "../host/protocol.ts";
import type { RunDocument } from "../record/document.ts";
import type { RunRequest } from "../runs/run-mode.ts";
import { verdictOf } from "../summary/outcome.ts";
import { outcomeOfRun, resultOfRun } from "../summary/run-result.ts";
import { headlineOf, type SuiteDocument, type SuiteStepResult, titleOf } from "./document.ts";
import type { ReadyStep, ReadySuite } from "./prepare.ts";
import { placedCells, tableOf } from "./table.ts";

/** What a suite works with; the daemon's own parts, or a test's. */
export interface SuiteWork {
	/** Runs to the end; throws what is wrong with the request. */
	run(
		description: ScenarioDescription,
		given: Record<string, unknown>,
		request: RunRequest,
	): Promise<RunDocument>;
	table(job: TableJob): Promise<TableAnswer>;
	/** Keeps what is known so far. */
	save(document: SuiteDocument): void;
	nowMs(): number;
	/** Why nothing more is to be begun; null where it may go on. */
	stopped(): string | null;
}

/** All steps in order, and then the table. A step that can't be run is told, and keeps no other from running. */
export async function performSuite(
	begun: SuiteDocument,
	suite: SuiteDescription,
	{ given, steps }: ReadySuite,
	work: SuiteWork,
): Promise<SuiteDocument> {
	let document = begun;
	const runs: { step: number; run: RunDocument }[] = [];
	for (const [i, step] of steps.entries()) {
		if (work.stopped() !== null) break;
		const headline = `${titleOf(step)} (${i + 1} of ${steps.length})`;
		work.save({ ...document, headline });
		const done = await perform(step, given, work);
		if (done.run !== null) runs.push({ step: i, run: done.run });
		document = { ...document, headline, steps: document.steps.with(i, done.result) };
	}
	// A stop that came too late to end anything leaves a whole suite.
	const isWhole = document.steps.every(({ outcome }) => outcome === "as_expected");
	const stopped = isWhole ? null : work.stopped();
	const seen = await tableOfRuns(suite, runs, work);
	const ended = endSuite({ ...document, ...seen }, stopped, work.nowMs());
	work.save(ended);
	return ended;
}

/** The suite is over, for this reason or none: what was not done by now is not run. */
export function endSuite(
	document: SuiteDocument,
	why: string | null,
	nowMs: number,
	state: SuiteDocument["state"] = why === null ? "done" : "stopped",
): SuiteDocument {
	const steps = document.steps.map((step) =>
		step.outcome === null && why !== null ? notRun(step, "FLT_CONFLICT", why) : step,
	);
	const ended = steps.map(({ outcome, error, run }) => ({
		outcome: outcome ?? "not_run",
		error,
		run,
	}));
	return {
		...document,
		state,
		steps,
		stopped: why,
		endedAt: new Date(nowMs).toISOString(),
		...verdictOf(ended, [], why),
		headline: headlineOf(steps, why),
	};
}

async function perform(
	step: ReadyStep,
	given: ReadySuite["given"],
	work: SuiteWork,
): Promise<{ result: SuiteStepResult; run: RunDocument | null }> {
	const { scenario, params, expect } = step;
	const open = openStep(step);
	if ("error" in step)
		return { result: notRun(open, step.error.code, step.error.message), run: null };
	try {
		const all = { ...given, ...params };
		const run = await work.run(step.description, all, { kind: "scenario", expect });
		const result = { scenario, params, expect, ...outcomeOfRun(run), run: resultOfRun(run) };
		return { result: { ...result, error: null }, run };
	} catch (error) {
		const code = codeOf(error) ?? "FLT_INTERNAL";
		return { result: notRun(open, code, messageOf(error)), run: null };
	}
}

/** A step that is still to be done. */
export function openStep({ scenario, params, expect }: ReadyStep): SuiteStepResult {
	return { scenario, params, expect, outcome: null, why: null, run: null, error: null };
}

function notRun(step: SuiteStepResult, code: string, message: string): SuiteStepResult {
	return { ...step, outcome: "not_run", why: message, error: { code, message } };
}

async function tableOfRuns(
	{ file, steps, values }: SuiteDescription,
	runs: readonly { step: number; run: RunDocument }[],
	work: SuiteWork,
): Promise<Pick<SuiteDocument, "table" | "notes">> {
	if (values === null || runs.length === 0) return { table: null, notes: [] };
	const answer = await work.table({ file, runs: runs.map(({ run }) => run) });
	if (!answer.ok) return { table: null, notes: [`there is no table: ${answer.message}`] };
	const ran = runs.map(({ step }) => step);
	const { table, notes } = tableOf(values, placedCells(steps, ran, answer));
	return { table, notes: [...answer.conclusions, ...notes] };
}
