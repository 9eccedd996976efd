import { pick, type Stream } from "faultline";
import {
	type Alias,
	allTests,
	type ConsumerTest,
	type Domain,
	datasetName,
	domains,
	type ExpectationName,
	type Mesh,
	type Published,
	type PublishedColumn,
	type Publisher,
	type QueryName,
} from "../mesh/mesh.ts";

// Where something is in a mesh that could be changed.

/** One of them; null of none. */
export function oneOf<T>(draw: Stream, some: readonly T[]): T | null {
	return some.length === 0 ? null : pick(draw, some);
}

export function freshName(draw: Stream, prefix: string): string {
	return `${prefix}_${Math.floor(draw() * 1e9).toString(36)}`;
}

/** A dataset of a publisher's. */
export interface DatasetAt {
	domain: Domain;
	relation: string;
}

/** A column of one. */
export interface ColumnAt extends DatasetAt {
	column: string;
}

export function datasetAt({ publishers }: Mesh, { domain, relation }: DatasetAt): Published {
	return publishers[domain].datasets[relation]!;
}

export function columnAt(mesh: Mesh, at: ColumnAt): PublishedColumn {
	return datasetAt(mesh, at).columns.find(({ name }) => name === at.column)!;
}

export function datasetsOf({ publishers }: Mesh): DatasetAt[] {
	return domains.flatMap((domain) =>
		Object.keys(publishers[domain].datasets).map((relation) => ({ domain, relation })),
	);
}

export function columnsOf(mesh: Mesh): ColumnAt[] {
	return datasetsOf(mesh).flatMap((at) =>
		datasetAt(mesh, at).columns.map(({ name }) => ({ ...at, column: name })),
	);
}

/** Columns that contracts publish. */
export function declaredOf(mesh: Mesh): ColumnAt[] {
	return columnsOf(mesh).filter((at) => columnAt(mesh, at).isDeclared);
}

/** The queries that read a dataset, or a column of it, in the order of all tests. */
export function readersOf(
	mesh: Pick<Mesh, "consumers">,
	{ domain, relation, column }: DatasetAt & { column?: string },
): QueryName[] {
	return allTests(mesh)
		.filter(({ test: { reads } }) =>
			reads.some(
				({ dataset, columns }) =>
					dataset === datasetName(domain, relation) &&
					(column === undefined || columns.some(({ name }) => name === column)),
			),
		)
		.map(({ consumer, query }) => ({ consumer, query }));
}

/** The columns by this meaning that tests read which expect this, with the first of those tests. */
export function expecting(
	mesh: Mesh,
	expectation: ExpectationName,
	alias: Alias,
	meaning: string,
): { at: ColumnAt; reader: QueryName }[] {
	return allTests(mesh).flatMap(({ consumer, query, test }) => {
		const read = test.reads.find((one) => one.alias === alias);
		const column = read?.columns.find((one) => one.meaning === meaning);
		if (!test.expectations.includes(expectation) || read === undefined || column === undefined)
			return [];
		return [{ at: { ...placeOf(read.dataset), column: column.name }, reader: { consumer, query } }];
	});
}

/** The first test that expects this; null where none does. */
export function firstExpecting(mesh: Mesh, expectation: ExpectationName): QueryName | null {
	return allTests(mesh).find(({ test }) => test.expectations.includes(expectation)) ?? null;
}

function placeOf(dataset: string): DatasetAt {
	const [domain, relation] = dataset.split(".") as [Domain, string];
	return { domain, relation };
}

/** `orders` and 1 of `orders_v1`. */
export function versionOf(relation: string): { base: string; major: number } {
	const [, base = "", major = ""] = /^(.*)_v(\d+)$/.exec(relation) ?? [];
	return { base, major: Number(major) };
}

export function aliasOf(relation: string): Alias {
	return versionOf(relation).base as Alias;
}

/** The test of a query. */
export function testAt({ consumers }: Mesh, { consumer, query }: QueryName): ConsumerTest {
	return consumers[consumer].tests[query]!;
}

/** The keys of some rows of a table, one at least. */
export function someKeys(
	draw: Stream,
	{ tables }: Publisher,
	table: string,
	key: string,
): number[] {
	const keys = [...new Set(tables[table]!.rows.map((row) => Number(row[key])))];
	const some = keys.filter(() => draw() < 0.2);
	return some.length > 0 ? some : [pick(draw, keys)];
}
