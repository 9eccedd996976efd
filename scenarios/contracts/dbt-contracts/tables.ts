import { dayText, minuteText, type Shop } from "./source.ts";

/** The tables as they are delivered, column by column; each has `loaded_at` beside these. */
export const tables = {
	customers: {
		customer_id: "integer",
		email: "varchar(80)",
		country: "varchar(2)",
		signed_up_on: "date",
	},
	products: {
		product_id: "integer",
		sku: "varchar(20)",
		category: "varchar(20)",
		list_price_cents: "integer",
	},
	orders: {
		order_id: "integer",
		customer_id: "integer",
		status: "varchar(20)",
		ordered_at: "timestamp",
	},
	order_items: {
		order_id: "integer",
		line_no: "smallint",
		product_id: "integer",
		quantity: "smallint",
		unit_price_cents: "integer",
	},
} as const;

export type TableName = keyof typeof tables;
export const tableNames = Object.keys(tables) as TableName[];

/** Where the data of the seed stays as it is. */
export const originSchema = "origin";
/** What dbt reads: a copy of it for each trial, with the trial's change. */
export const sourceSchema = "raw";

type Cell = string | number;

function rowsOf(shop: Shop): Record<TableName, Cell[][]> {
	return {
		customers: shop.customers.map((row) => [
			row.customerId,
			row.email,
			row.country,
			dayText(row.signedUpDay),
		]),
		products: shop.products.map((row) => [
			row.productId,
			row.sku,
			row.category,
			row.listPriceCents,
		]),
		orders: shop.orders.map((row) => [
			row.orderId,
			row.customerId,
			row.status,
			minuteText(row.orderedMinute),
		]),
		order_items: shop.items.map((row) => [
			row.orderId,
			row.lineNo,
			row.productId,
			row.quantity,
			row.unitPriceCents,
		]),
	};
}

/** Statements that make a schema with a shop in it, whatever was there. All rows are loaded at this moment. */
export function shopSql(schema: string, shop: Shop): string[] {
	const rows = rowsOf(shop);
	return [
		`drop schema if exists ${schema} cascade`,
		`create schema ${schema}`,
		...tableNames.flatMap((table) => [
			`create table ${schema}.${table} (${columnsSql(table)}, loaded_at timestamptz default now())`,
			...insertSql(`${schema}.${table}`, rows[table]),
		]),
	];
}

function columnsSql(table: TableName): string {
	return Object.entries(tables[table])
		.map(([column, type]) => `${column} ${type}`)
		.join(", ");
}

const rowsPerInsert = 5_000;

/** Insert rows of a table in the order of its columns; what is loaded now is loaded at its default, now. */
export function insertSql(table: string, rows: readonly Cell[][]): string[] {
	const statements: string[] = [];
	for (let at = 0; at < rows.length; at += rowsPerInsert) {
		const values = rows
			.slice(at, at + rowsPerInsert)
			.map((row) => `(${row.map(literal).join(",")})`);
		statements.push(`insert into ${table} values ${values.join(",")}`);
	}
	return statements;
}

/** Plain words and numbers only: nothing of a shop holds a quote. */
export function literal(cell: Cell): string {
	return typeof cell === "number" ? String(cell) : `'${cell.replaceAll("'", "''")}'`;
}

/** Rows of some of the shop's orders with their items, as inserts into the source. */
export function orderInserts(shop: Pick<Shop, "orders" | "items">): string[] {
	const { orders, order_items: items } = rowsOf({ ...shop, customers: [], products: [] });
	return [
		...insertSql(`${sourceSchema}.orders`, orders),
		...insertSql(`${sourceSchema}.order_items`, items),
	];
}

/** Statements that make the source anew as the origin has it, whatever was there. */
export function sourceSql(): string[] {
	return [
		`drop schema if exists ${sourceSchema} cascade`,
		`create schema ${sourceSchema}`,
		...tableNames.flatMap((table) => [
			`create table ${sourceSchema}.${table} (like ${originSchema}.${table} including all)`,
			`insert into ${sourceSchema}.${table} select * from ${originSchema}.${table}`,
		]),
	];
}
