import type { Row } from "../../../subjects/shop/tables.ts";
import { allTests, type Mesh, publishedAs } from "../mesh/mesh.ts";
import { type AllPublished, type Published, publishedOf } from "./broken.ts";

/** `finance.revenue_by_country` of each query that reads what is otherwise in another mesh, by what its test says it reads. */
export function reachOf(before: Mesh, after: Mesh): string[] {
	const [old, now]: AllPublished[] = [publishedOf(before), publishedOf(after)];
	return allTests(before)
		.filter(({ test: { reads } }) =>
			reads.some(({ dataset, columns }) => {
				const keys = (publishedAs(before, dataset)?.columns ?? [])
					.filter(({ isKey, isDeclared }) => isKey && isDeclared)
					.map(({ name }) => name);
				const touched = touchedOf(old![dataset]!, now![dataset], keys);
				return columns.some(({ name }) => touched.includes(name));
			}),
		)
		.map(({ consumer, query }) => `${consumer}.${query}`);
}

/** The columns that are gone, of another type, or of another value in a row of the same key; all where rows came or went. */
function touchedOf(before: Published, after: Published | undefined, keys: string[]): string[] {
	const all = before.columns.map(({ name }) => name);
	if (after === undefined) return all;
	const isSame = ({ name, type }: Published["columns"][number]) =>
		after.columns.some((one) => one.name === name && one.type === type);
	const kept = before.columns.filter(isSame).map(({ name }) => name);
	const gone = all.filter((name) => !kept.includes(name));
	const columnOf = (rows: readonly Row[], names: readonly string[]) =>
		rows.map((row) => JSON.stringify(names.map((name) => row[name] ?? null)));
	const otherwise = (names: string[]) =>
		columnOf(before.rows, names).sort().join() !== columnOf(after.rows, names).sort().join();
	if (!otherwise(kept)) return gone;
	const isKeyed = keys.length > 0 && keys.every((key) => kept.includes(key));
	if (!isKeyed || otherwise(keys)) return all;
	return [...gone, ...kept.filter((name) => otherwise([...keys, name]))];
}
