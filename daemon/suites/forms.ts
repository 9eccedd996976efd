import { asJunit } from "../summary/junit.ts";
import { wordsOf } from "../summary/outcome.ts";
import { flakyLines } from "../summary/run-result.ts";
import { asTap } from "../summary/tap.ts";
import { type SuiteDocument, type SuiteStepResult, titleOf } from "./document.ts";
import { stepDetails } from "./text.ts";

type Summed = Pick<SuiteDocument, "suite" | "headline" | "startedAt" | "steps">;

/** A suite as TAP 14: a test per step, with what there is to know as YAML. */
export function suiteAsTap({ suite, headline, steps }: Summed): string {
	return asTap(`${suite}: ${headline}`, steps.map(tapTestOf));
}

/** A suite as JUnit XML: a case per step. */
export function suiteAsJunit({ suite, headline, startedAt, steps }: Summed): string {
	return asJunit(
		`${suite}: ${headline}`,
		startedAt,
		steps.map((step) => ({
			suite,
			name: titleOf(step),
			outcome: step.outcome ?? "not_run",
			seconds: (step.run?.tookMs ?? 0) / 1_000,
			why: step.why ?? "",
			isOptional: false,
			details: stepDetails(step).slice(1),
			before: step.run?.before ?? [],
		})),
	);
}

function tapTestOf(step: SuiteStepResult) {
	const { outcome, why, run, expect } = step;
	return {
		title: titleOf(step),
		ok: outcome === "as_expected",
		skip: null,
		diagnostics: {
			outcome: wordsOf(outcome ?? "not_run"),
			why,
			runId: run?.runId,
			verdict: run?.verdict,
			expect,
			durationMs: run?.tookMs,
			flaky: flakyLines(run),
			reasons: run?.reasons.map(({ code, message }) => `${code}: ${message}`),
			checks: run?.failed.map(({ id, message }) => `${id}: ${message}`),
		},
	};
}
