import type { CellValue } from "../../scenarios/contract/suite.ts";
import { wordsOf } from "../summary/outcome.ts";
import { runDetails } from "../summary/run-result.ts";
import { durationText } from "../text/numbers.ts";
import { table } from "../text/table.ts";
import {
	type SuiteDocument,
	type SuiteStepResult,
	type SuiteTableDocument,
	titleOf,
} from "./document.ts";

/** A suite for a person: what came out, in full only what is not as it should be, its table, and its steps. */
export function suiteAsText(document: SuiteDocument): string {
	const { suite, id, about, given, headline, steps, exitCode, state, startedAt, endedAt } =
		document;
	const tookMs = Date.parse(endedAt ?? startedAt) - Date.parse(startedAt);
	const bad = steps.filter(({ outcome }) => outcome !== null && outcome !== "as_expected");
	const asked = Object.entries(given).map(([name, value]) => `${name}=${value}`);
	const blocks = [
		[
			`suite ${suite}: ${headline}`,
			about.question,
			[
				[id, ...asked].join(" "),
				state === "running" ? "it runs" : `${durationText(tookMs)}; exit code ${exitCode}`,
			].join(", "),
		],
		...bad.map(stepDetails),
		document.table === null ? [] : [tableAsText(document.table)],
		document.notes,
		[stepsAsText(steps)],
	];
	return `${blocks
		.filter((block) => block.length > 0)
		.map((block) => block.join("\n").trimEnd())
		.join("\n\n")}\n`;
}

/** All that a reader needs of a step that is not as it should be, a line each. */
export function stepDetails(step: SuiteStepResult): string[] {
	const { outcome, why, run, error } = step;
	const head = `${wordsOf(outcome ?? "not_run").toUpperCase()}  ${titleOf(step)}: ${why}`;
	if (run !== null) return [head, ...runDetails(run)];
	return [head, ...(error === null ? [] : [`  ${error.code}`])];
}

/** A row for each heading; where a row has several columns, they stand side by side under each value. */
export function tableAsText({ values, columns, rows }: SuiteTableDocument): string {
	const headings = values.map(({ heading, unit }) =>
		unit === null || unit === "count" || unit === "ratio" ? heading : `${heading} ${words[unit]}`,
	);
	const blocks = headings.map((_, value) => {
		const cells = rows.map((row) => row.cells.map((own) => rounded(own[value] ?? null)));
		return table([columns, ...cells]).split("\n");
	});
	const [ofColumns, ...ofRows] = ["", ...rows.map(({ heading }) => heading)].map((heading, i) => [
		heading,
		...blocks.map((block) => `| ${block[i]}`),
	]);
	const hasColumns = columns.some((column) => column !== "");
	return table([
		["", ...headings.map((heading) => `| ${heading}`)],
		...(hasColumns ? [ofColumns!] : []),
		...ofRows,
	]);
}
const words = { s: "s", ms: "ms", us: "µs", pct: "%", per_sec: "/s", bytes: "bytes", usd: "USD" };

function rounded(cell: CellValue): CellValue {
	// A count is told as it is.
	if (typeof cell !== "number" || Number.isInteger(cell)) return cell;
	return Number(cell.toPrecision(4));
}

function stepsAsText(steps: readonly SuiteStepResult[]): string {
	return table([
		["step", "outcome", "verdict", "expected", "s", "run"],
		...steps.map((step) => {
			const { outcome, expect, run } = step;
			return [
				titleOf(step),
				outcome === null ? "–" : wordsOf(outcome),
				run?.verdict ?? "–",
				expect,
				run === null ? null : Number((run.tookMs / 1_000).toFixed(1)),
				run?.runId ?? "–",
			];
		}),
	]);
}
