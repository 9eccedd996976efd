import { countries, type Row, statuses } from "../../../subjects/shop/tables.ts";
import { publishedRows } from "../mesh/makings.ts";
import {
	type Alias,
	allTests,
	type ConsumerName,
	type ConsumerTest,
	datasetName,
	domains,
	type ExpectationName,
	type Mesh,
} from "../mesh/mesh.ts";

// What consumers rely on, and whether datasets keep it: by the columns that tests name and by loops over rows, without SQL, a
// catalog or anything of the gate's.

/** A dataset as those who read it get it. */
export interface Published {
	columns: readonly { name: string; type: string }[];
	rows: readonly Row[];
}

export type AllPublished = Readonly<Record<string, Published>>;

/** What the mesh publishes, by the seed. */
export function publishedOf({ publishers }: Pick<Mesh, "publishers">): Record<string, Published> {
	const all: Record<string, Published> = {};
	for (const domain of domains)
		for (const [relation, dataset] of Object.entries(publishers[domain].datasets))
			all[datasetName(domain, relation)] = {
				columns: dataset.columns
					.filter(({ isDeclared, isBuilt }) => isDeclared && isBuilt)
					.map(({ name, type }) => ({ name, type })),
				rows: publishedRows(dataset, publishers[domain]),
			};
	return all;
}

/** Something that a query relies on, and does not get. */
export interface Broken {
	consumer: ConsumerName;
	query: string;
	/** `presence`, `type`, `reads`, `format`, or what is expected. */
	rule: string;
}

/** All that tests rely on and do not get. */
export function brokenOf(
	{ consumers }: Pick<Mesh, "consumers">,
	published: AllPublished,
): Broken[] {
	return allTests({ consumers }).flatMap(({ consumer, query, test }) =>
		[...new Set(brokenRules(test, published))].map((rule) => ({ consumer, query, rule })),
	);
}

function brokenRules(test: ConsumerTest, published: AllPublished): string[] {
	if (test.mistake === "misspelt") return ["format"];
	if (test.mistake === "hidden-read") return ["reads"];
	const structure = test.reads.flatMap(({ dataset, columns }) => {
		const there = published[dataset];
		if (there === undefined) return ["presence"];
		return columns.flatMap(({ name, type }) => {
			const column = there.columns.find((one) => one.name === name);
			if (column === undefined) return ["presence"];
			return column.type === type ? [] : ["type"];
		});
	});
	if (structure.length > 0) return structure;
	return test.expectations.filter((name) => !holds(name, test, published));
}

/** Whether what is expected holds of the rows. */
function holds(name: ExpectationName, { reads }: ConsumerTest, published: AllPublished): boolean {
	/** The rows of an alias, by what their columns mean. */
	const rowsOf = (alias: Alias): Row[] => {
		const { dataset, columns } = reads.find((one) => one.alias === alias)!;
		return published[dataset]!.rows.map((row) =>
			Object.fromEntries(columns.map(({ meaning, name }) => [meaning, row[name] ?? null])),
		);
	};
	const known = (alias: Alias, meaning: string, values: readonly string[]) =>
		rowsOf(alias).every((row) => values.includes(String(row[meaning])));
	switch (name) {
		case "every-order-has-a-customer": {
			const customers = new Set(rowsOf("customers").map(({ customer }) => customer));
			return rowsOf("orders").every(({ customer }) => customers.has(customer!));
		}
		case "revenue-agrees": {
			const costs = new Map<unknown, number>();
			for (const { order, quantity, price } of rowsOf("items"))
				costs.set(order, (costs.get(order) ?? 0) + Number(quantity) * Number(price));
			return rowsOf("orders").every(
				({ order, revenue }) => revenue !== null && Number(revenue) === (costs.get(order) ?? 0),
			);
		}
		case "lines-have-orders": {
			const orders = new Set(rowsOf("orders").map(({ order }) => order));
			return rowsOf("items").every(({ order }) => orders.has(order!));
		}
		case "quantity-positive":
			return rowsOf("items").every(({ quantity }) => quantity !== null && Number(quantity) > 0);
		case "status-known":
			return known("orders", "status", statuses);
		case "country-known":
			return known("customers", "country", countries);
		case "segment-known":
			return known("customers", "segment", ["a", "b"]);
		case "none-cancelled":
			return rowsOf("orders").every(({ status }) => status !== "cancelled");
		case "rows-there":
			return published[reads[0]!.dataset]!.rows.length > 0;
		default:
			return name satisfies never;
	}
}
