import type { Truth } from "faultline";
import { sourceSchema as raw, tableNames } from "../tables.ts";
import { drawPlace, type Edit, type EditKind, staged } from "./edit.ts";

// Shapes that the contract does not allow: of tables, columns and types, whatever the rows are.

const retyped: EditKind["sql"] = ({ table, column, to }) => [
	`alter table ${raw}.${table} alter column ${column} type ${to} using ${column}::${to}`,
];

export const violatingShape: Record<string, EditKind> = {
	"type-changed": {
		draw: (draw) =>
			drawPlace(draw, [
				["order_items", "unit_price_cents", "text"],
				["order_items", "unit_price_cents", "numeric(12,2)"],
				["products", "list_price_cents", "double precision"],
				["orders", "customer_id", "text"],
				["orders", "ordered_at", "text"],
				["orders", "ordered_at", "timestamptz"],
				["customers", "signed_up_on", "timestamp"],
			]),
		truth: staged("data_type"),
		sql: retyped,
	},
	// An integer that is wider than the contract's: its readers have room for 2³¹.
	"type-outgrown": {
		draw: (draw) =>
			drawPlace(draw, [
				["orders", "order_id", "bigint"],
				["customers", "customer_id", "bigint"],
				["order_items", "unit_price_cents", "bigint"],
			]),
		truth: staged("data_type"),
		sql: retyped,
	},
	"column-dropped": {
		draw: (draw) =>
			drawPlace(draw, [
				["orders", "status"],
				["orders", "ordered_at"],
				["orders", "loaded_at"],
				["customers", "email"],
				["customers", "country"],
				["products", "category"],
				["order_items", "quantity"],
			]),
		truth: columnGone,
		sql: ({ table, column }) => [`alter table ${raw}.${table} drop column ${column}`],
	},
	"column-renamed": {
		draw: (draw) =>
			drawPlace(draw, [
				["orders", "status", "state"],
				["orders", "ordered_at", "created_at"],
				["order_items", "loaded_at", "synced_at"],
				["customers", "customer_id", "client_id"],
				["products", "list_price_cents", "price_cents"],
				["order_items", "unit_price_cents", "price_cents"],
			]),
		truth: columnGone,
		sql: ({ table, column, to }) => [
			`alter table ${raw}.${table} rename column ${column} to ${to}`,
		],
	},
	"table-renamed": {
		draw: (draw) =>
			drawPlace(
				draw,
				tableNames.map((table) => [table, null] as const),
			),
		truth: ({ table }) => ({ kind: "violating", place: [table], rule: "table_exists" }),
		sql: ({ table }) => [`alter table ${raw}.${table} rename to ${table}_v2`],
	},
};

/** What tells the age of a table belongs to the source; any other column to the model that stages it. */
function columnGone({ table, column }: Edit): Truth {
	const model = column === "loaded_at" ? table : `stg_${table}`;
	return { kind: "violating", place: [model, column!], rule: "column_exists" };
}
