import type { Scalar, Suite, SuiteStep } from "../../scenarios/contract/suite.ts";
import type { SuiteDescription, SuiteStepDescription } from "./protocol.ts";

/** What a suite says of itself; throws all that is wrong with it, in one error. */
export function describeSuite(
	name: string,
	suite: Suite | undefined,
): Omit<SuiteDescription, "name" | "file" | "hash"> {
	if (typeof suite !== "object" || suite === null || !Array.isArray(suite.steps))
		throw new Error("the file has no `export default suite({ … })`");
	const { title, question, table } = suite;
	const problems: string[] = [];
	if (name === "runs") problems.push("it can't be called so: /suites/runs has the records");
	for (const [part, text] of Object.entries({ title, question }))
		if (typeof text !== "string" || text === "") problems.push(`it has no ${part}`);
	if (suite.steps.length === 0) problems.push("it has no steps");
	const steps = suite.steps.map((step, i): SuiteStepDescription => {
		const { scenario, params = {}, expect = null } = step;
		problems.push(...stepProblems(step).map((problem) => `step ${i + 1}: ${problem}`));
		const heading = (of: "row" | "column") => textOf(table?.[of]?.({ scenario, params }));
		return { scenario, params, expect, row: heading("row"), column: heading("column") };
	});
	if (table !== undefined) problems.push(...tableProblems(table, steps));
	if (problems.length > 0) throw new Error(problems.join("; "));
	return { title, question, steps, values: table === undefined ? null : Object.keys(table.values) };
}

function stepProblems({ scenario, params = {}, expect }: SuiteStep): string[] {
	const problems: string[] = [];
	if (typeof scenario !== "string" || scenario === "") problems.push("it names no scenario");
	for (const [name, value] of Object.entries(params))
		if (!["string", "number", "boolean"].includes(typeof value))
			problems.push(`its ${name} is neither text, number nor true or false`);
	if (!["passed", "failed", undefined].includes(expect))
		problems.push(`its expect is "${expect}"; there are passed and failed`);
	return problems;
}

function tableProblems(
	{ row, values }: NonNullable<Suite["table"]>,
	steps: readonly SuiteStepDescription[],
): string[] {
	const problems: string[] = [];
	if (typeof row !== "function") problems.push("its table has no row");
	for (const [heading, value] of Object.entries(values ?? {}))
		if (typeof value !== "string" && typeof value !== "function")
			problems.push(`its table's "${heading}" is neither a metric's name nor a function`);
	if (Object.keys(values ?? {}).length === 0) problems.push("its table has no values");
	const places = new Map<string, number>();
	for (const [i, { row, column }] of steps.entries()) {
		const place = JSON.stringify([row, column]);
		const before = places.get(place);
		if (before !== undefined)
			problems.push(
				`steps ${before + 1} and ${i + 1} have the same place in its table, row "${row}"${column && `, column "${column}"`}`,
			);
		places.set(place, before ?? i);
	}
	return problems;
}

function textOf(heading: Scalar | undefined): string {
	return heading === undefined ? "" : String(heading);
}
