import { readFileSync } from "node:fs";
import { parse } from "yaml";

// The contract as its files state it, read for the tests that hold labels and rows against it.

interface Column {
	name: string;
	data_type?: string;
	data_tests?: (string | Record<string, { arguments: Record<string, unknown> }>)[];
	constraints?: { type: string; columns?: string[] }[];
}

interface Model {
	name: string;
	columns: Column[];
	data_tests?: Record<string, { arguments: Record<string, unknown> }>[];
	constraints?: { type: string; columns?: string[] }[];
}

interface Source {
	name: string;
	config?: { loaded_at_field?: string; freshness?: { error_after?: unknown } };
}

const models = new URL(
	"../../../../scenarios/contracts/dbt-contracts/dbt/models/",
	import.meta.url,
);
const read = (file: string) => parse(readFileSync(new URL(file, models), "utf8"));

export const staging = (read("staging/staging.yml") as { models: Model[] }).models;
export const marts = (read("marts/marts.yml") as { models: Model[] }).models;
export const sources = (read("staging/sources.yml") as { sources: { tables: Source[] }[] })
	.sources[0]!.tables;

export function columnOf(models: readonly Model[], model: string, column: string) {
	return models.find(({ name }) => name === model)?.columns.find(({ name }) => name === column);
}

/** The arguments of a test on a column or model; undefined where it has no such test. */
export function testOf(
	of: { data_tests?: Column["data_tests"] } | undefined,
	rule: string,
): Record<string, unknown> | undefined {
	for (const test of of?.data_tests ?? []) {
		if (test === rule) return {};
		if (typeof test !== "string" && test[rule] !== undefined) return test[rule].arguments;
	}
	return undefined;
}

/** Whether the contract's files state this rule in this place. */
export function isStated(place: readonly string[], rule: string): boolean {
	const [model = "", ...columns] = place;
	const all = [...staging, ...marts];
	const source = sources.find(({ name }) => name === model);
	switch (rule) {
		case "freshness":
			return source?.config?.freshness?.error_after !== undefined;
		case "table_exists":
			return source !== undefined && columns.length === 0;
		case "column_exists":
			return source === undefined
				? columnOf(all, model, columns[0]!) !== undefined
				: source.config?.loaded_at_field === columns[0];
		case "data_type":
			return columnOf(all, model, columns[0]!)?.data_type !== undefined;
		case "unique_together": {
			const stated = testOf(
				all.find(({ name }) => name === model),
				rule,
			);
			return JSON.stringify(stated?.columns) === JSON.stringify(columns);
		}
		default: {
			const column = columnOf(all, model, columns[0]!);
			return (
				testOf(column, rule) !== undefined ||
				(column?.constraints ?? []).some(({ type }) => type === rule)
			);
		}
	}
}
