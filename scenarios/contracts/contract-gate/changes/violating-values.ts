import { always, breaking, type NewValue } from "../../../subjects/gate/part.ts";
import type { Kind } from "./change.ts";
import { harmlessPart, setRows, someKeys } from "./parts.ts";

// What sample data and models do to values that a contract states rules about.

/** Sets a column of some rows to what a rule does not allow. */
function values(table: string, key: string, column: string, rule: string, value: NewValue): Kind {
	return (draw, shop) => {
		const there = shop.tables[table];
		if (!there?.columns.some(({ name }) => name === column) || there.rows.length === 0) return null;
		const keys = someKeys(draw, there, key);
		return breaking(setRows(table, key, column, keys, value), [table, column], rule);
	};
}

/** Writes the model of totals anew. */
function totals(sql: string, text: string, place: string[], rule: string): Kind {
	return () =>
		breaking(
			harmlessPart(text, null, (shop) => {
				shop.models.customer_totals = `${sql}\n`;
			}),
			["customer_totals", ...place],
			rule,
		);
}

export const violatingValues = {
	"unknown-status": values("orders", "order_id", "status", "status-accepted", always("refunded")),
	"unknown-country": values(
		"customers",
		"customer_id",
		"country",
		"country-accepted",
		always("XX"),
	),
	"unknown-customer": values("orders", "order_id", "customer_id", "customer-known", always(9_999)),
	"total-negative": values("orders", "order_id", "total_cents", "total-positive", {
		sql: "-total_cents",
		of: ({ total_cents }) => -Number(total_cents),
	}),
	"unit-changed": values("orders", "order_id", "total_cents", "total-of-items", {
		sql: "total_cents / 100",
		of: ({ total_cents }) => Math.trunc(Number(total_cents) / 100),
	}),
	"quantity-out-of-range": values(
		"order_items",
		"order_id",
		"quantity",
		"quantity-in-range",
		always(0),
	),
	"orders-emptied": () =>
		breaking(
			harmlessPart(
				"empty orders and order_items",
				"delete from order_items;\ndelete from orders;",
				({ tables }) => {
					tables.orders!.rows = [];
					tables.order_items!.rows = [];
				},
			),
			["orders"],
			"orders-there",
		),
	"model-loses-rows": totals(
		"select customer_id, count(*) as orders_count, sum(total_cents) as total_cents\nfrom orders where order_id > 3 group by customer_id",
		"leave the first orders out of customer_totals",
		["total_cents"],
		"totals-agree",
	),
	"model-drops-column": totals(
		"select customer_id, sum(total_cents) as total_cents\nfrom orders group by customer_id",
		"leave orders_count out of customer_totals",
		["orders_count"],
		"presence",
	),
	"model-changes-type": totals(
		"select customer_id, count(*)::integer as orders_count, sum(total_cents) as total_cents\nfrom orders group by customer_id",
		"count in an integer in customer_totals",
		["orders_count"],
		"type",
	),
	"model-repeats": totals(
		"select customer_id, count(*) as orders_count, sum(total_cents) as total_cents\nfrom orders group by customer_id, order_id",
		"have customers once for each order in customer_totals",
		["customer_id"],
		"unique",
	),
	"model-broken": totals(
		"select customer_id, count(*) as orders_count, sum(total_euros) as total_cents\nfrom orders group by customer_id",
		"read what is not there in customer_totals",
		[],
		"builds",
	),
} satisfies Record<string, Kind>;
