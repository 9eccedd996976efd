import { medianOf } from "faultline";
import type { Query } from "./hooks.ts";

const question = (table: string) =>
	`select count(*), sum(amount_cents) from ${table} where tenant_id = 1 and customer_id <= 3`;

/**
 * How much longer a question takes with row security: asked by a tenant of its orders, and of a table with the same rows and
 * keys and no policy, in turn, and over the middle of so many pairs.
 */
export async function overheadRatio(
	asTenant: Query,
	asOwner: Query,
	pairs: number,
	grantee: string,
): Promise<number | null> {
	if (pairs === 0) return null;
	await asOwner("create table public.plain_orders (like shop.orders including indexes)");
	await asOwner("insert into public.plain_orders table shop.orders");
	await asOwner(`grant select on public.plain_orders to "${grantee}"`);
	await asOwner("analyze public.plain_orders");
	await asOwner("analyze shop.orders");
	const time = async (table: string) => {
		const fromMs = performance.now();
		await asTenant(question(table));
		return performance.now() - fromMs;
	};
	const ratios: number[] = [];
	for (let pair = 0; pair < pairs; pair++) {
		const order =
			pair % 2 === 0
				? ["shop.orders", "public.plain_orders"]
				: ["public.plain_orders", "shop.orders"];
		const took = new Map<string, number>();
		for (const table of order) took.set(table, await time(table));
		ratios.push(took.get("shop.orders")! / took.get("public.plain_orders")!);
	}
	return medianOf(ratios);
}
