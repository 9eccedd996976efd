import { minutesInDay } from "../source.ts";
import { sourceSchema as raw } from "../tables.ts";
import { drawKeys, type EditKind, keysInUse, whereKeys } from "./edit.ts";

// What does harm that the contract says nothing of: every value is accepted by itself, and the marts are wrong all the
// same. What the marts must show of it is known, so the harm is counted in rows.

const truth = () => ({ kind: "outside" as const });
const whole: EditKind["draw"] = () => ({ table: "orders", column: null, to: null, keys: [] });

export const outside: Record<string, EditKind> = {
	"prices-drifted": {
		draw: () => ({ table: "order_items", column: "unit_price_cents", to: null, keys: [] }),
		truth,
		sql: () => [
			`update ${raw}.order_items set unit_price_cents = unit_price_cents + unit_price_cents / 10`,
		],
		after: (_edit, shop) => ({
			...shop,
			items: shop.items.map((item) => ({
				...item,
				unitPriceCents: item.unitPriceCents + Math.trunc(item.unitPriceCents / 10),
			})),
		}),
	},
	"half-missing": {
		draw: whole,
		truth,
		sql: () =>
			["order_items", "orders"].map(
				(table) => `delete from ${raw}.${table} where order_id % 2 = 0`,
			),
		after: (_edit, shop) => ({
			...shop,
			orders: shop.orders.filter(({ orderId }) => orderId % 2 !== 0),
			items: shop.items.filter(({ orderId }) => orderId % 2 !== 0),
		}),
	},
	"clock-shifted": {
		draw: whole,
		truth,
		sql: () => [`update ${raw}.orders set ordered_at = ordered_at + interval '12 hours'`],
		after: (_edit, shop) => ({
			...shop,
			orders: shop.orders.map((order) => ({
				...order,
				orderedMinute: order.orderedMinute + minutesInDay / 2,
			})),
		}),
	},
	"country-overwritten": {
		draw: (draw, shop) => ({
			table: "customers",
			column: "country",
			to: "NL",
			keys: drawKeys(draw, keysInUse(shop, "customers")),
		}),
		truth,
		sql: (edit) => [`update ${raw}.customers set country = '${edit.to}' ${whereKeys(edit)}`],
		after: ({ keys, to }, shop) => ({
			...shop,
			customers: shop.customers.map((customer) =>
				keys.includes(customer.customerId) ? { ...customer, country: to! } : customer,
			),
		}),
	},
	"items-attributed-wrongly": {
		draw: (draw, shop) => ({
			table: "order_items",
			column: "product_id",
			to: "1",
			keys: drawKeys(draw, keysInUse(shop, "order_items")),
		}),
		truth,
		sql: (edit) => [`update ${raw}.order_items set product_id = ${edit.to} ${whereKeys(edit)}`],
		after: ({ keys, to }, shop) => ({
			...shop,
			items: shop.items.map((item) =>
				keys.includes(item.orderId) ? { ...item, productId: Number(to) } : item,
			),
		}),
	},
};
