import { readFileSync } from "node:fs";
import { shopTables, type Table, tablesSql } from "../../../subjects/shop/tables.ts";
import {
	type Alias,
	type Consumer,
	type ConsumerTest,
	type Making,
	type Mesh,
	type Published,
	type PublishedColumn,
	type Publisher,
	publishedAs,
	type Read,
} from "./mesh.ts";

/** The dataset that is read under each alias at first. */
export const firstDatasets: Record<Alias, string> = {
	orders: "sales.orders_v1",
	items: "sales.items_v1",
	customers: "crm.customers_v1",
};

/** What mains hold at first; the same for the same seed. */
export function firstMesh(seed: number): Mesh {
	const { customers, orders, order_items } = shopTables(seed);
	const publishers = {
		sales: publisher(
			{ orders: orders!, order_items: order_items! },
			{
				orders_v1: published("What was ordered, and what it costs", "orders", [
					key("order_id", "order", "integer"),
					required("customer_id", "customer", "integer"),
					required("ordered_on", "day", "date", { kind: "column", column: "placed_on" }),
					required("status", "status", "character varying(20)"),
					required("revenue_cents", "revenue", "bigint", { kind: "revenue" }),
					plain("note", "note", "character varying(200)"),
					{ ...plain("channel", "channel", "text"), isDeclared: false },
				]),
				items_v1: published("The lines of orders", "order_items", [
					key("order_id", "order", "integer"),
					key("line_no", "line", "smallint"),
					required("sku", "sku", "character varying(20)"),
					required("quantity", "quantity", "smallint"),
					required("unit_cents", "price", "integer"),
				]),
			},
		),
		crm: publisher(
			{ customers: customers! },
			{
				customers_v1: published("Who has ordered, or may", "customers", [
					key("customer_id", "customer", "integer"),
					required("email", "email", "character varying(80)"),
					required("country", "country", "character varying(2)"),
					plain("first_name", "first-name", "character varying(40)"),
					plain("last_name", "last-name", "character varying(40)"),
					plain("segment", "segment", "text"),
				]),
			},
		),
	};
	const mesh: Mesh = {
		publishers,
		consumers: { finance: consumer(), logistics: consumer(), marketing: consumer() },
	};
	const { finance, logistics, marketing } = mesh.consumers;
	finance.tests.revenue_by_country = {
		...test(mesh, {
			orders: ["order", "customer", "day", "status", "revenue"],
			items: ["order", "quantity", "price"],
			customers: ["customer", "country"],
		}),
		shape: { kind: "revenue-by-country" },
		expectations: ["every-order-has-a-customer", "revenue-agrees", "status-known", "country-known"],
	};
	logistics.tests.lines_to_pick = {
		...test(mesh, {
			items: ["order", "sku", "quantity"],
			orders: ["order", "status"],
		}),
		shape: { kind: "lines-to-pick" },
		expectations: ["lines-have-orders", "quantity-positive", "status-known"],
	};
	marketing.tests.customers_by_segment = {
		...test(mesh, { customers: ["customer", "segment"] }),
		shape: { kind: "customers-by-segment" },
		expectations: ["segment-known"],
	};
	return mesh;
}

/** A test that reads these columns of what is published now, by their meanings; what it asks is for others to say. */
function test(
	mesh: Mesh,
	meanings: Partial<Record<Alias, string[]>>,
): Pick<ConsumerTest, "reads" | "mistake"> {
	const reads = (Object.entries(meanings) as [Alias, string[]][]).map(([alias, some]) =>
		readOf(mesh, alias, firstDatasets[alias], some),
	);
	return { reads, mistake: null };
}

/** What a test says that it reads of a dataset: these columns, by their meanings. */
export function readOf(
	mesh: Mesh,
	alias: Alias,
	dataset: string,
	meanings: readonly string[],
): Read {
	const { columns } = publishedAs(mesh, dataset)!;
	return {
		alias,
		dataset,
		columns: meanings.map((meaning) => {
			const { name, type } = columns.find((column) => column.meaning === meaning)!;
			return { meaning, name, type };
		}),
	};
}

function publisher(tables: Record<string, Table>, datasets: Record<string, Published>): Publisher {
	const { create, insert } = tablesSql(tables);
	return {
		tables,
		migrations: { "0001_tables": create, "0002_sample": insert },
		datasets,
		models: {},
		others: others("What this domain publishes, by the contracts in `contracts/`."),
	};
}

function consumer(): Consumer {
	return { tests: {}, others: others("What is asked of others' datasets, in `tests/`.") };
}

function others(text: string): Record<string, string> {
	return {
		".github/workflows/mesh-contracts.yml": readFileSync(
			new URL("../ci/mesh-contracts.yml", import.meta.url),
			"utf8",
		),
		"README.md": `${text}\n`,
	};
}

function published(purpose: string, source: string, columns: PublishedColumn[]): Published {
	return { version: "1.0.0", purpose, source, columns, rows: { kind: "all" }, remark: "" };
}

export function plain(
	name: string,
	meaning: string,
	type: string,
	making: Making = { kind: "column", column: name },
): PublishedColumn {
	return {
		name,
		meaning,
		type,
		making,
		isKey: false,
		isRequired: false,
		isDeclared: true,
		isBuilt: true,
	};
}

function required(...[name, meaning, type, making]: Parameters<typeof plain>): PublishedColumn {
	return { ...plain(name, meaning, type, making), isRequired: true };
}

function key(name: string, meaning: string, type: string): PublishedColumn {
	return { ...required(name, meaning, type), isKey: true };
}
