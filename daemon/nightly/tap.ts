import { metricId } from "../compare/baseline.ts";
import { wordsOf } from "../summary/outcome.ts";
import { flakyLines } from "../summary/run-result.ts";
import { asTap, type TapTest } from "../summary/tap.ts";
import { duetTitle, type NightlyDocument, titleOf } from "./document.ts";
import { duetDetailsOf } from "./text.ts";

/** A summary as TAP 14: a test per scenario and guard, and per duet, with what there is to know as YAML. */
export function nightlyAsTap(document: NightlyDocument): string {
	return asTap(`nightly ${document.night}: ${document.headline}`, testsOf(document));
}

function testsOf({ results, duets, stopped, exitCode }: NightlyDocument): TapTest[] {
	return [
		...results.map((result): TapTest => {
			const { outcome, why, run, repeats, baseline, notes, metrics } = result;
			const told = metrics.filter((metric) => ["regressed", "improved"].includes(metric.outcome));
			return {
				title: titleOf(result),
				ok: outcome === "as_expected",
				skip: null,
				diagnostics: {
					outcome: wordsOf(outcome),
					why,
					runId: run?.runId,
					repeats,
					verdict: run?.verdict,
					expect: run?.expect,
					durationMs: run?.tookMs,
					flaky: flakyLines(run),
					reasons: run?.reasons.map(({ code, message }) => `${code}: ${message}`),
					checks: run?.failed.map(({ id, message }) => `${id}: ${message}`),
					baseline: baseline?.key,
					metrics: told.map((metric) => `${metricId(metric)} ${metric.outcome}: ${metric.why}`),
					notes,
				},
			};
		}),
		...duets.map((duet): TapTest => {
			const { outcome, why } = duet;
			return {
				title: duetTitle(duet),
				ok: outcome === "as_expected" || outcome === "not_run",
				skip: outcome === "not_run" ? why : null,
				diagnostics: {
					outcome: wordsOf(outcome),
					details: duetDetailsOf(duet)
						.slice(1)
						.map((line) => line.trim()),
				},
			};
		}),
		// Whatever the tests say, a night that was cut short is not a good one.
		...(stopped !== null || (results.length === 0 && exitCode !== 0)
			? [
					{
						title: "the nightly came to its end",
						ok: false,
						skip: null,
						diagnostics: { why: stopped ?? "nothing was run" },
					},
				]
			: []),
	];
}
