import type { ConsumerTest } from "./consumer-test.ts";
import type { Dataset } from "./dataset.ts";

// The blast radius of a change: who reads a column of which anything is otherwise, whether it breaks them or not.

/** `finance.revenue_by_country` of each query that reads what a change of a domain's datasets touches, in the tests' order. */
export function reachOf(
	domain: string,
	before: readonly Dataset[],
	after: readonly Dataset[],
	tests: readonly ConsumerTest[],
): string[] {
	const touched = new Map(
		before.map((dataset) => [
			`${domain}.${dataset.name}`,
			touchedColumns(
				dataset,
				after.find(({ name }) => name === dataset.name),
			),
		]),
	);
	return tests
		.filter(({ reads }) =>
			reads.some(({ dataset, columns }) =>
				[...columns.keys()].some((column) => touched.get(dataset)?.has(column)),
			),
		)
		.map(({ consumer, query }) => `${consumer}.${query}`);
}

/** The columns of a dataset that are gone, of another type, or have another value in any row. */
export function touchedColumns(before: Dataset, after: Dataset | undefined): Set<string> {
	const all = before.columns.map(({ name }) => name);
	if (after === undefined) return new Set(all);
	const types = new Map(after.columns.map(({ name, type }) => [name, type]));
	const otherwise = before.columns.filter(({ name, type }) => types.get(name) !== type);
	const touched = new Set(otherwise.map(({ name }) => name));
	const rest = all.filter((name) => !touched.has(name));
	for (const name of columnsOfOtherValues(before, after, rest)) touched.add(name);
	return touched;
}

/** By the key where both have it; where rows came, went or can't be told apart, all of them. */
function columnsOfOtherValues(before: Dataset, after: Dataset, columns: string[]): string[] {
	if (before.rows === after.rows) return [];
	const [old, now] = [before, after].map(({ rows }) => JSON.parse(rows) as Row[]) as [Row[], Row[]];
	const isOtherwise = (names: string[]) => textOf(old, names) !== textOf(now, names);
	if (!isOtherwise(columns)) return [];
	const { key } = before;
	const isKeyed = key.length > 0 && key.every((name) => columns.includes(name));
	if (!isKeyed || isOtherwise(key)) return columns;
	return columns.filter((column) => isOtherwise([...key, column]));
}

type Row = Record<string, unknown>;

/** The same text for the same values of these columns, in whatever order the rows are. */
function textOf(rows: readonly Row[], names: readonly string[]): string {
	return rows
		.map((row) => JSON.stringify(names.map((name) => row[name])))
		.sort()
		.join();
}
