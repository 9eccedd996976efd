import type { Truth } from "faultline";
import { sourceSchema as raw, tableNames } from "../tables.ts";
import {
	drawKeys,
	drawPlace,
	type Edit,
	type EditKind,
	keyOf,
	keysInUse,
	staged,
	whereKeys,
} from "./edit.ts";

// Rows that the contract does not allow, in tables of the right shape. Each change breaks one rule in one place.

/** Places, and of the rows there some that something hangs on: a null that nobody reads is no null. */
function someRows(places: Parameters<typeof drawPlace>[1]): EditKind["draw"] {
	return (draw, shop) => {
		const drawn = drawPlace(draw, places);
		return { ...drawn, keys: drawKeys(draw, keysInUse(shop, drawn.table)) };
	};
}

function setTo(edit: Edit): string[] {
	return [`update ${raw}.${edit.table} set ${edit.column} = ${edit.to} ${whereKeys(edit)}`];
}

/** These have no test in staging: a constraint of a mart's contract is what states them. */
const constrained: Record<string, string[]> = {
	"products.category": ["category_days", "category"],
	"customers.signed_up_on": ["dim_customers", "signed_up_on"],
};

export const violatingRows: Record<string, EditKind> = {
	nulls: {
		draw: someRows([
			["orders", "customer_id", "null"],
			["orders", "status", "null"],
			["orders", "ordered_at", "null"],
			["customers", "country", "null"],
			["customers", "email", "null"],
			["customers", "signed_up_on", "null"],
			["products", "sku", "null"],
			["products", "category", "null"],
			["order_items", "product_id", "null"],
			["order_items", "unit_price_cents", "null"],
		]),
		truth: (edit) => {
			const place = constrained[`${edit.table}.${edit.column}`];
			return place === undefined
				? staged("not_null")(edit)
				: { kind: "violating", place, rule: "not_null" };
		},
		sql: setTo,
	},
	duplicates: {
		draw: someRows(tableNames.map((table) => [table, keyOf[table]] as const)),
		truth: (edit): Truth =>
			edit.table === "order_items"
				? {
						kind: "violating",
						place: ["stg_order_items", "order_id", "line_no"],
						rule: "unique_together",
					}
				: staged("unique")(edit),
		sql: (edit) => [
			`insert into ${raw}.${edit.table} select * from ${raw}.${edit.table} ${whereKeys(edit)}`,
		],
	},
	"unknown-value": {
		draw: someRows([
			["orders", "status", "'refunded'"],
			["customers", "country", "'ES'"],
			["products", "category", "'food'"],
		]),
		truth: staged("accepted_values"),
		sql: setTo,
	},
	orphans: {
		draw: someRows([
			["orders", "customer_id", "900001"],
			["order_items", "product_id", "900001"],
			["order_items", "order_id", "90000001"],
		]),
		truth: staged("relationships"),
		// Each row of an order keeps its own line, or it would be a duplicate as well.
		sql: (edit) =>
			edit.column === "order_id"
				? [`update ${raw}.order_items set order_id = ${edit.to} + order_id ${whereKeys(edit)}`]
				: setTo(edit),
	},
	"parents-deleted": {
		draw: someRows([
			["customers", null],
			["products", null],
		]),
		truth: ({ table }) => ({
			kind: "violating",
			place:
				table === "customers" ? ["stg_orders", "customer_id"] : ["stg_order_items", "product_id"],
			rule: "relationships",
		}),
		sql: (edit) => [`delete from ${raw}.${edit.table} ${whereKeys(edit)}`],
	},
	"out-of-range": {
		draw: someRows([
			["order_items", "quantity", "0"],
			["order_items", "quantity", "-1"],
			["order_items", "quantity", "1000"],
			["order_items", "unit_price_cents", "0"],
			["order_items", "unit_price_cents", "-990"],
			["products", "list_price_cents", "9900000"],
		]),
		truth: staged("accepted_range"),
		sql: setTo,
	},
	// Cents become euros: the same type, and every number a hundredth of what it was.
	"unit-changed": {
		draw: (draw) =>
			drawPlace(draw, [
				["order_items", "unit_price_cents"],
				["products", "list_price_cents"],
			]),
		truth: staged("accepted_range"),
		sql: ({ table, column }) => [`update ${raw}.${table} set ${column} = ${column} / 100`],
	},
	stale: {
		draw: (draw) =>
			drawPlace(draw, [
				["orders", null],
				["order_items", null],
			]),
		truth: ({ table }) => ({ kind: "violating", place: [table], rule: "freshness" }),
		sql: ({ table }) => [`update ${raw}.${table} set loaded_at = loaded_at - interval '3 days'`],
	},
};
