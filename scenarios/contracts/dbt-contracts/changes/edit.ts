import { pick, type Stream, type Truth } from "faultline";
import type { Shop } from "../source.ts";
import type { TableName } from "../tables.ts";

/** One edit of the source, as plain data; its kind says what is done with it. */
export type Edit = {
	kind: string;
	table: TableName;
	/** Null where it is about the table as a whole. */
	column: string | null;
	/** The type, value or name that it brings; null where there is none to choose. */
	to: string | null;
	/** The rows that it touches, by their table's first column; empty where it touches none, or all. */
	keys: number[];
};

export type Drawn = Omit<Edit, "kind">;

/** A kind of edit: how one is drawn, what it is as the contract states it, and what it does, in SQL and in rows. */
export interface EditKind {
	draw(draw: Stream, shop: Shop): Drawn;
	/** Made from the edit alone: nobody has asked the gate by then. */
	truth(edit: Edit): Truth;
	/** Statements on the source. `shop` is what the seed has made of it. */
	sql(edit: Edit, shop: Shop): string[];
	/** The shop with the edit, as the marts must show it; left out where they show nothing of it, or must not be made. */
	after?(edit: Edit, shop: Shop): Shop;
}

/** A rule on a column of the model that stages a table. */
export function staged(rule: string): EditKind["truth"] {
	return ({ table, column }) => ({ kind: "violating", place: [`stg_${table}`, column!], rule });
}

/** An edit about one place out of several. */
export function drawPlace(
	draw: Stream,
	places: readonly (readonly [table: TableName, column: string | null, to?: string])[],
): Drawn {
	const [table, column, to] = pick(draw, places);
	return { table, column, to: to ?? null, keys: [] };
}

/** At most so many rows are touched: enough to be found, and few enough to stand in a record. */
const keysMax = 40;

/** Some of these keys, as often one to six as six to forty. */
export function drawKeys(draw: Stream, all: readonly number[]): number[] {
	const most = Math.min(keysMax, all.length);
	const count = Math.max(1, Math.floor(most ** draw()));
	const left = [...all];
	return Array.from({ length: count }, () => left.splice(Math.floor(draw() * left.length), 1)[0]!);
}

/** Keys of rows that something hangs on: customers who ordered, orders with items, products sold. */
export function keysInUse(shop: Shop, table: TableName): number[] {
	const keys = {
		customers: () => shop.orders.map(({ customerId }) => customerId),
		products: () => shop.items.map(({ productId }) => productId),
		orders: () => shop.orders.map(({ orderId }) => orderId),
		order_items: () => shop.items.map(({ orderId }) => orderId),
	}[table]();
	return [...new Set(keys)].sort((a, b) => a - b);
}

export const keyOf = {
	customers: "customer_id",
	products: "product_id",
	orders: "order_id",
	order_items: "order_id",
} as const satisfies Record<TableName, string>;

/** `where` for the rows that an edit touches. */
export function whereKeys({ table, keys }: Edit): string {
	return `where ${keyOf[table]} in (${keys.join(", ")})`;
}
