import { accepted, type Item, type Order, type Shop } from "../source.ts";
import {
	orderInserts,
	sourceSchema as raw,
	type TableName,
	tableNames,
	tables,
} from "../tables.ts";
import { type Drawn, drawKeys, drawPlace, type Edit, type EditKind, whereKeys } from "./edit.ts";

// What a reader by the contract does not notice: most of it changes no row, and the rest makes rows that are as good.

const truth = () => ({ kind: "harmless" as const });
const everyTable = tableNames.map((table) => [table, null] as const);
const anyTable: EditKind["draw"] = (draw) => drawPlace(draw, everyTable);

/** These go with any other edit of another table, as what came along in the same release. */
export const companions = {
	"column-added": {
		draw: (draw) =>
			drawPlace(
				draw,
				tableNames.flatMap((table) => [
					[table, "note", "text"] as const,
					[table, "batch_no", "bigint"] as const,
				]),
			),
		truth,
		sql: ({ table, column, to }) => [`alter table ${raw}.${table} add column ${column} ${to}`],
	},
	"comment-and-index": {
		draw: anyTable,
		truth,
		sql: ({ table }) => [
			`comment on table ${raw}.${table} is 'delivered by the shop'`,
			`create index on ${raw}.${table} (${firstColumn(table)})`,
		],
	},
	statistics: {
		draw: anyTable,
		truth,
		sql: ({ table }) => [
			`alter table ${raw}.${table} alter column ${firstColumn(table)} set statistics 500`,
			`alter table ${raw}.${table} set (fillfactor = 70)`,
			`analyze ${raw}.${table}`,
		],
	},
	"default-added": {
		draw: (draw) =>
			drawPlace(draw, [
				["orders", "status", "'placed'"],
				["order_items", "quantity", "1"],
				["customers", "country", "'AT'"],
			]),
		truth,
		sql: ({ table, column, to }) => [
			`alter table ${raw}.${table} alter column ${column} set default ${to}`,
		],
	},
} satisfies Record<string, EditKind>;

export const harmless: Record<string, EditKind> = {
	...companions,
	"columns-reordered": {
		draw: anyTable,
		truth,
		sql: ({ table }) => [
			`create table ${raw}.reordered as select loaded_at, ${Object.keys(tables[table]).reverse().join(", ")} from ${raw}.${table}`,
			`drop table ${raw}.${table}`,
			`alter table ${raw}.reordered rename to ${table}`,
		],
	},
	"text-widened": {
		draw: (draw) =>
			drawPlace(draw, [
				["customers", "email", "varchar(320)"],
				["products", "sku", "varchar(64)"],
				["orders", "status", "text"],
				["products", "category", "text"],
			]),
		truth,
		sql: ({ table, column, to }) => [
			`alter table ${raw}.${table} alter column ${column} type ${to}`,
		],
	},
	// The contract says integer, and what was smallint has been one all along.
	"smallint-widened": {
		draw: (draw) =>
			drawPlace(draw, [
				["order_items", "quantity", "integer"],
				["order_items", "line_no", "integer"],
			]),
		truth,
		sql: ({ table, column, to }) => [
			`alter table ${raw}.${table} alter column ${column} type ${to}`,
		],
	},
	"not-null-added": {
		draw: (draw) =>
			drawPlace(draw, [
				["orders", "status"],
				["customers", "email"],
				["order_items", "unit_price_cents"],
			]),
		truth,
		sql: ({ table, column }) => [`alter table ${raw}.${table} alter column ${column} set not null`],
	},
	"view-for-table": {
		draw: anyTable,
		truth,
		sql: ({ table }) => [
			`alter table ${raw}.${table} rename to ${table}_stored`,
			`create view ${raw}.${table} as select * from ${raw}.${table}_stored`,
		],
	},
	"rows-moved": {
		draw: anyTable,
		truth,
		sql: ({ table }) => [
			`create temporary table moved on commit drop as select * from ${raw}.${table} order by random()`,
			`truncate ${raw}.${table}`,
			`insert into ${raw}.${table} select * from moved`,
		],
	},
	"table-added": {
		draw: anyTable,
		truth,
		sql: () => [`create table ${raw}.sessions (session_id bigint, customer_id integer)`],
	},
	"orders-added": {
		draw: (draw, shop) => ({
			table: "orders",
			column: null,
			to: null,
			keys: drawKeys(
				draw,
				Array.from({ length: 200 }, (_, i) => shop.orders.length + 1 + i),
			),
		}),
		truth,
		sql: ({ keys }, shop) => orderInserts(newOrders(keys, shop)),
		after: ({ keys }, shop) => {
			const { orders, items } = newOrders(keys, shop);
			return {
				...shop,
				orders: [...shop.orders, ...orders],
				items: [...shop.items, ...items],
			};
		},
	},
	"orders-moved-on": {
		draw: (draw, shop): Drawn => {
			const open = shop.orders.filter(({ status }) => status === "placed" || status === "paid");
			const keys = drawKeys(
				draw,
				open.map(({ orderId }) => orderId),
			);
			return { table: "orders", column: "status", to: "cancelled", keys };
		},
		truth,
		sql: (edit) => [
			`update ${raw}.orders set status = '${edit.to}', loaded_at = now() ${whereKeys(edit)}`,
		],
		after: ({ keys, to }, shop) => ({
			...shop,
			orders: shop.orders.map((order) =>
				keys.includes(order.orderId) ? { ...order, status: to! } : order,
			),
		}),
	},
};

function firstColumn(table: TableName): string {
	return Object.keys(tables[table])[0]!;
}

/** New orders of old customers, two lines each, in the days of the others. */
function newOrders(keys: Edit["keys"], shop: Shop): { orders: Order[]; items: Item[] } {
	const of = <T>(list: readonly T[], key: number) => list[key % list.length]!;
	return {
		orders: keys.map((orderId) => ({
			orderId,
			customerId: of(shop.customers, orderId).customerId,
			status: of(accepted.status, orderId),
			orderedMinute: of(shop.orders, 7 * orderId).orderedMinute,
		})),
		items: keys.flatMap((orderId) =>
			[1, 2].map((lineNo) => {
				const { productId, listPriceCents } = of(shop.products, orderId + lineNo);
				return { orderId, lineNo, productId, quantity: lineNo, unitPriceCents: listPriceCents };
			}),
		),
	};
}
