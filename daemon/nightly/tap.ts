import { metricId } from "../compare/baseline.ts";
import { duetTitle, type NightlyDocument, titleOf, wordsOf } from "./document.ts";
import { duetDetailsOf } from "./text.ts";

interface TapTest {
	title: string;
	ok: boolean;
	/** Why it was left out without failing anything. */
	skip: string | null;
	diagnostics: Record<string, unknown>;
}

/** A summary as TAP 14: a test per scenario and guard, and per duet, with what there is to know as YAML. */
export function nightlyAsTap(document: NightlyDocument): string {
	const tests = testsOf(document);
	return [
		"TAP version 14",
		`# ${oneLine(`nightly ${document.night}: ${document.headline}`)}`,
		`1..${tests.length}`,
		...tests.flatMap((test, i) => linesOf(test, i + 1)),
		"",
	].join("\n");
}

function testsOf({ results, duets, stopped, exitCode }: NightlyDocument): TapTest[] {
	return [
		...results.map((result): TapTest => {
			const { outcome, why, run, repeats, baseline, notes, metrics } = result;
			const told = metrics.filter((metric) => ["regressed", "improved"].includes(metric.outcome));
			return {
				...{ title: titleOf(result), ok: outcome === "as_expected", skip: null },
				diagnostics: {
					...{ outcome: wordsOf(outcome), why, runId: run?.runId, repeats },
					verdict: run?.verdict,
					expect: run?.expect,
					durationMs: run?.tookMs,
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
						...{ title: "the nightly came to its end", ok: false, skip: null },
						diagnostics: { why: stopped ?? "nothing was run" },
					},
				]
			: []),
	];
}

function linesOf({ title, ok, skip, diagnostics }: TapTest, number: number): string[] {
	const directive = skip === null ? "" : ` # SKIP ${escaped(skip)}`;
	return [
		`${ok ? "ok" : "not ok"} ${number} - ${escaped(title)}${directive}`,
		"  ---",
		...yamlOf(diagnostics).map((line) => `  ${line}`),
		"  ...",
	];
}

/** A `#` would begin a directive. */
function escaped(text: string): string {
	return oneLine(text).replaceAll(/[\\#]/g, "\\$&");
}

function oneLine(text: string): string {
	return text.replaceAll(/\s+/g, " ");
}

/** JSON's scalars are YAML's too, with every quote and line break taken care of. */
function yamlOf(diagnostics: Record<string, unknown>): string[] {
	return Object.entries(diagnostics).flatMap(([name, value]) => {
		if (value === undefined || value === null) return [];
		if (!Array.isArray(value)) return [`${name}: ${JSON.stringify(value)}`];
		if (value.length === 0) return [];
		return [`${name}:`, ...value.map((item) => `  - ${JSON.stringify(item)}`)];
	});
}
