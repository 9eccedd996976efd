import type { Table } from "../../../subjects/shop/tables.ts";

// What the mains of a mesh hold, as the seed has it: two domains that publish datasets by contract, and those who read them.
// Changes are made of it, and what they break is worked out from it; nothing of it has met a database.

export const domains = ["sales", "crm"] as const;
export type Domain = (typeof domains)[number];

export const consumerNames = ["finance", "logistics", "marketing"] as const;
export type ConsumerName = (typeof consumerNames)[number];

export type RepositoryName = Domain | ConsumerName;
export const repositoryNames: readonly RepositoryName[] = [...domains, ...consumerNames];

export interface Mesh {
	publishers: Record<Domain, Publisher>;
	consumers: Record<ConsumerName, Consumer>;
}

/** A domain: its own tables, its own package, its own repository. */
export interface Publisher {
	tables: Record<string, Table>;
	/** By their names: the SQL of each. */
	migrations: Record<string, string>;
	/** By the names of their relations: `orders_v1`. */
	datasets: Record<string, Published>;
	/** Models that are no dataset, by their names: the query of each. */
	models: Record<string, string>;
	/** By their paths: whatever else is in the repository. */
	others: Record<string, string>;
}

/** A dataset in one of its versions. */
export interface Published {
	/** Of its contract: the first number is that of its name. */
	version: string;
	purpose: string;
	/** The table that it has a row of for each. */
	source: string;
	columns: PublishedColumn[];
	rows: RowsOf;
	/** A line of the model that says nothing to the database. */
	remark: string;
}

export interface PublishedColumn {
	name: string;
	/** What it is, whatever it is called: by this, readers go from one version to the next. */
	meaning: string;
	/** As Postgres writes it. */
	type: string;
	making: Making;
	isKey: boolean;
	isRequired: boolean;
	/** Whether the contract, and whether the model has it. */
	isDeclared: boolean;
	isBuilt: boolean;
}

/** Which rows of its table a dataset has. */
export type RowsOf =
	| { kind: "all" }
	| { kind: "without"; column: string; value: string }
	| { kind: "twice" };

/** What a column is made of. */
export type Making =
	| { kind: "column"; column: string }
	/** What the lines of an order cost, in cents. */
	| { kind: "revenue" }
	| { kind: "divided"; of: Making; by: number }
	/** A number and some more, or a day and some more days. */
	| { kind: "plus"; of: Making; by: number }
	| { kind: "letters"; of: Making; case: "upper" | "lower" }
	/** Null in place of this value. */
	| { kind: "nulled"; of: Making; value: string }
	/** The same in each row. */
	| { kind: "masked"; value: string };

export interface Consumer {
	/** By the names of their queries. */
	tests: Record<string, ConsumerTest>;
	others: Record<string, string>;
}

/** A query of a consumer's, what it reads, and what has to hold of that. */
export interface ConsumerTest {
	reads: Read[];
	shape: Shape;
	expectations: ExpectationName[];
	/** What is wrong with the file itself; null where nothing is. */
	mistake: "misspelt" | "hidden-read" | null;
}

/** The part of a dataset's contract that a query relies on. */
export interface Read {
	alias: Alias;
	/** `sales.orders_v1`. */
	dataset: string;
	columns: ReadColumn[];
}

export interface ReadColumn {
	meaning: string;
	name: string;
	type: string;
}

export type Alias = "orders" | "items" | "customers";

/** What a query does. */
export type Shape =
	| { kind: "revenue-by-country" }
	| { kind: "lines-to-pick" }
	| { kind: "customers-by-segment" }
	| { kind: "count-by"; meaning: string };

export type ExpectationName =
	| "every-order-has-a-customer"
	| "revenue-agrees"
	| "status-known"
	| "country-known"
	| "lines-have-orders"
	| "quantity-positive"
	| "segment-known"
	| "rows-there"
	| "none-cancelled";

/** `sales.orders_v1` of the domain and the relation. */
export function datasetName(domain: Domain, relation: string): string {
	return `${domain}.${relation}`;
}

/** The dataset of that name; undefined where nobody publishes it. */
export function publishedAs({ publishers }: Mesh, dataset: string): Published | undefined {
	const [domain = "", relation = ""] = dataset.split(".");
	return publishers[domain as Domain]?.datasets[relation];
}

/** A query by its consumer and name, as a gate names it. */
export interface QueryName {
	consumer: ConsumerName;
	query: string;
}

/** All tests of all consumers, in one order. */
export function allTests({ consumers }: Pick<Mesh, "consumers">): (QueryName & {
	test: ConsumerTest;
})[] {
	return consumerNames.flatMap((consumer) =>
		Object.entries(consumers[consumer].tests).map(([query, test]) => ({ consumer, query, test })),
	);
}

export function isDomain(name: string): name is Domain {
	return (domains as readonly string[]).includes(name);
}
