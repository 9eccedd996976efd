import { messageOf } from "../../base/errors.ts";
import type { CellValue, RunRecord, SuiteTable } from "../../scenarios/contract/suite.ts";
import type { Cell } from "./protocol.ts";

/** A run's values, in the order of the table. A function that throws has no value, and keeps none from the others. */
export function cellsOf({ values }: Pick<SuiteTable, "values">, run: RunRecord): Cell[] {
	return Object.values(values).map((value) =>
		typeof value === "string" ? ofMetric(value, run) : ofFunction(value, run),
	);
}

/** A metric that the run has not is no mistake: another scenario of the suite may have it. */
function ofMetric(id: string, { metrics }: RunRecord): Cell {
	const metric = metrics.find(
		({ name, case: of }) => (of === null ? name : `${of}/${name}`) === id,
	);
	if (metric === undefined) return { value: null, unit: null, error: null };
	const { value, unit, censored } = metric;
	// A lower bound is not to be taken for the value.
	const told = censored && value !== null ? `≥ ${Number(value.toPrecision(4))}` : value;
	return { value: told, unit, error: null };
}

function ofFunction(value: (run: RunRecord) => CellValue, run: RunRecord): Cell {
	try {
		const given: unknown = value(run);
		if (typeof given === "string" || given === null || Number.isFinite(given))
			return { value: given as CellValue, unit: null, error: null };
		throw new Error(`it gave neither text, number nor null, but ${String(given)}`);
	} catch (error) {
		return { value: null, unit: null, error: messageOf(error) };
	}
}

/** What a suite concludes from all its runs; a function that fails is told as a line of its own. */
export function conclusionsOf(
	{ conclusions }: Pick<SuiteTable, "conclusions">,
	runs: readonly RunRecord[],
): string[] {
	if (conclusions === undefined) return [];
	try {
		const lines: unknown = conclusions(runs);
		if (Array.isArray(lines) && lines.every((line) => typeof line === "string")) return lines;
		throw new Error("it gave no list of lines");
	} catch (error) {
		return [`nothing was concluded: ${messageOf(error)}`];
	}
}
