import { createHash } from "node:crypto";
import { dayText, minutesInDay, type Shop } from "./source.ts";

/** The tables that consumers read. */
export const martNames = [
	"fct_orders_v1",
	"fct_orders_v2",
	"dim_customers",
	"category_days",
] as const;
export type MartName = (typeof martNames)[number];

/** Of each mart, how many rows it has and the MD5 over all of them: one text for what somebody reads. */
export type MartDigests = Record<MartName, string>;

const withoutRevenue = new Set(["returned", "cancelled"]);

/** The rows of every mart as texts, cells by `|` and null as `-`: plain loops over the source, no SQL. */
export function martRows(shop: Shop): Record<MartName, string[]> {
	const orders = new Map(
		shop.orders.map((order) => [
			order.orderId,
			{
				...order,
				day: Math.floor(order.orderedMinute / minutesInDay),
				itemCount: 0,
				grossCents: 0,
			},
		]),
	);
	const categoryOf = new Map(shop.products.map(({ productId, category }) => [productId, category]));
	const days = new Map<string, { itemCount: number; revenueCents: number }>();
	for (const { orderId, productId, quantity, unitPriceCents } of shop.items) {
		const order = orders.get(orderId)!;
		const cents = quantity * unitPriceCents;
		order.itemCount += quantity;
		order.grossCents += cents;
		const key = `${dayText(order.day)}|${categoryOf.get(productId)}`;
		const day = days.get(key) ?? { itemCount: 0, revenueCents: 0 };
		day.itemCount += quantity;
		if (!withoutRevenue.has(order.status)) day.revenueCents += cents;
		days.set(key, day);
	}
	const spent = new Map<number, { orders: number; revenueCents: number; firstDay: number }>();
	for (const { customerId, status, day, grossCents } of orders.values()) {
		const of = spent.get(customerId) ?? { orders: 0, revenueCents: 0, firstDay: day };
		of.orders += 1;
		of.firstDay = Math.min(of.firstDay, day);
		if (!withoutRevenue.has(status)) of.revenueCents += grossCents;
		spent.set(customerId, of);
	}
	const begin = ({
		orderId,
		customerId,
		day,
		status,
	}: {
		orderId: number;
		customerId: number;
		day: number;
		status: string;
	}) => `${orderId}|${customerId}|${dayText(day)}|${status}`;
	return {
		fct_orders_v1: [...orders.values()].map((order) => `${begin(order)}|${order.grossCents}`),
		fct_orders_v2: [...orders.values()].map((order) => {
			const revenueCents = withoutRevenue.has(order.status) ? 0 : order.grossCents;
			return `${begin(order)}|${order.itemCount}|${order.grossCents}|${revenueCents}`;
		}),
		dim_customers: shop.customers.map(({ customerId, country, signedUpDay }) => {
			const of = spent.get(customerId);
			const first = of === undefined ? "-" : dayText(of.firstDay);
			return `${customerId}|${country}|${dayText(signedUpDay)}|${first}|${of?.orders ?? 0}|${of?.revenueCents ?? 0}`;
		}),
		category_days: [...days].map(
			([key, { itemCount, revenueCents }]) => `${key}|${itemCount}|${revenueCents}`,
		),
	};
}

/** What `digestSql` answers of these rows. */
export function digestsOf(rows: Record<MartName, string[]>): MartDigests {
	const of = (name: MartName) => {
		const text = rows[name].toSorted().join("\n");
		return `${rows[name].length}:${createHash("md5").update(text).digest("hex")}`;
	};
	return Object.fromEntries(martNames.map((name) => [name, of(name)])) as MartDigests;
}

const columns: Record<MartName, string[]> = {
	fct_orders_v1: ["order_id", "customer_id", "ordered_on", "status", "amount_cents"],
	fct_orders_v2: [
		"order_id",
		"customer_id",
		"ordered_on",
		"status",
		"item_count",
		"gross_cents",
		"revenue_cents",
	],
	dim_customers: [
		"customer_id",
		"country",
		"signed_up_on",
		"first_ordered_on",
		"order_count",
		"revenue_cents",
	],
	category_days: ["ordered_on", "category", "item_count", "revenue_cents"],
};

/** A query of one row with the digest of each mart of a schema: one statement, so that it sees one state of all. */
export function digestSql(schema: string): string {
	const one = (name: MartName) => {
		const line = columns[name]
			.map((column) => `coalesce(${column}::text, '-')`)
			.join(" || '|' || ");
		return `(select count(*) || ':' || md5(coalesce(string_agg(line, E'\\n' order by line collate "C"), ''))
			from (select ${line} as line from ${schema}.${name}) as lines) as ${name}`;
	};
	return `select ${martNames.map(one).join(", ")}`;
}

/** How many rows of the marts are in one and not in the other, both ways. */
export function differingRows(
	a: Record<MartName, string[]>,
	b: Record<MartName, string[]>,
): number {
	return martNames.reduce((sum, name) => {
		const [rowsA, rowsB] = [new Set(a[name]), new Set(b[name])];
		return sum + rowsA.difference(rowsB).size + rowsB.difference(rowsA).size;
	}, 0);
}
