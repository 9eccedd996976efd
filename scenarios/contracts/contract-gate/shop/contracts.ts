import type { Contract, Property, Quality } from "../../../subjects/gate/odcs.ts";

/** The rules that the shop's contracts have, at first or later; the oracle knows each by its name. */
export const shopRules = {
	"country-accepted": {
		metric: "invalidValues",
		arguments: { validValues: ["AT", "CH", "DE", "FR", "IT", "NL"] },
		mustBe: 0,
	},
	"status-accepted": {
		metric: "invalidValues",
		arguments: { validValues: ["placed", "paid", "shipped", "returned", "cancelled"] },
		mustBe: 0,
	},
	"orders-there": { metric: "rowCount", mustBeGreaterThan: 0 },
	"customer-known": {
		type: "sql",
		query:
			"select count(*) from orders where customer_id not in (select customer_id from customers)",
		mustBe: 0,
	},
	"total-positive": {
		type: "sql",
		query: "select count(*) from {object} where {property} <= 0",
		mustBe: 0,
	},
	"total-of-items": {
		type: "sql",
		query:
			"select count(*) from orders o where total_cents <> (select sum(quantity * unit_cents) from order_items i where i.order_id = o.order_id)",
		mustBe: 0,
	},
	"quantity-in-range": {
		type: "sql",
		query: "select count(*) from order_items where quantity not between 1 and 100",
		mustBe: 0,
	},
	"totals-agree": {
		type: "sql",
		query:
			"select coalesce((select sum(total_cents) from orders), 0) - coalesce((select sum(total_cents) from customer_totals), 0)",
		mustBe: 0,
	},
	"email-has-at": {
		type: "sql",
		query: "select count(*) from customers where email not like '%@%'",
		mustBe: 0,
	},
	"sku-given": {
		type: "sql",
		query: "select count(*) from order_items where sku = ''",
		mustBe: 0,
	},
} as const satisfies Record<string, Omit<Quality, "name">>;

export type ShopRule = keyof typeof shopRules;

export function ruleOf(name: ShopRule): Quality {
	return { name, ...structuredClone<Omit<Quality, "name">>(shopRules[name]) };
}

const logicalTypes: [RegExp, NonNullable<Property["logicalType"]>][] = [
	[/^(?:integer|bigint|smallint)/, "integer"],
	[/^numeric/, "number"],
	[/^date/, "date"],
];

/** A property as the shop's contracts have it. */
export function property(
	name: string,
	physicalType: string,
	more: Omit<Property, "name" | "physicalType"> = {},
): Property {
	const logicalType = logicalTypes.find(([type]) => type.test(physicalType))?.[1] ?? "string";
	return { name, logicalType, physicalType, ...more };
}

function contract(id: string, purpose: string, schema: Contract["schema"]): Contract {
	return {
		apiVersion: "v3.1.0",
		kind: "DataContract",
		id,
		version: "1.0.0",
		status: "active",
		description: { purpose },
		schema: schema ?? [],
	};
}

const required = true;

export function firstContracts(): Record<string, Contract> {
	return {
		"customers.odcs.yaml": contract("shop-customers", "Who has ordered, or may", [
			{
				name: "customers",
				physicalType: "table",
				properties: [
					property("customer_id", "integer", { primaryKey: true, primaryKeyPosition: 1, required }),
					property("email", "varchar(80)", { required, unique: true }),
					property("country", "varchar(2)", { required, quality: [ruleOf("country-accepted")] }),
					property("first_name", "varchar(40)"),
					property("last_name", "varchar(40)"),
				],
			},
		]),
		"orders.odcs.yaml": contract("shop-orders", "What was ordered, line by line", [
			{
				name: "orders",
				physicalType: "table",
				quality: [ruleOf("orders-there")],
				properties: [
					property("order_id", "integer", { primaryKey: true, primaryKeyPosition: 1, required }),
					property("customer_id", "integer", { required, quality: [ruleOf("customer-known")] }),
					property("status", "varchar(20)", { required, quality: [ruleOf("status-accepted")] }),
					property("placed_on", "date", { required }),
					property("total_cents", "integer", {
						required,
						quality: [ruleOf("total-positive"), ruleOf("total-of-items")],
					}),
					property("note", "varchar(200)"),
				],
			},
			{
				name: "order_items",
				physicalType: "table",
				properties: [
					property("order_id", "integer", { primaryKey: true, primaryKeyPosition: 1, required }),
					property("line_no", "smallint", { primaryKey: true, primaryKeyPosition: 2, required }),
					property("sku", "varchar(20)", { required }),
					property("quantity", "smallint", { required, quality: [ruleOf("quantity-in-range")] }),
					property("unit_cents", "integer", { required }),
				],
			},
		]),
		"customer_totals.odcs.yaml": contract("shop-customer-totals", "What each customer has spent", [
			{
				name: "customer_totals",
				physicalType: "view",
				properties: [
					property("customer_id", "integer", { required, unique: true }),
					property("orders_count", "bigint", { required }),
					property("total_cents", "bigint", { required, quality: [ruleOf("totals-agree")] }),
				],
			},
		]),
	};
}
