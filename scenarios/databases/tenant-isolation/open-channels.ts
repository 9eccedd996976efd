import type { Query } from "./hooks.ts";

/**
 * What Postgres shows to whoever may read a table at all, of the rows that he may not: how many there are of all tenants
 * together, and who else has a login. Asked as one tenant; by name, whether the answer is about more than that tenant's own.
 */
export async function openChannels(query: Query): Promise<Record<string, boolean>> {
	const number = async (text: string) => Number(Object.values((await query(text)).rows[0]!)[0]);
	const own = await number("select count(*) from shop.orders");
	return {
		"rows of all, by the planner's count (pg_class.reltuples)":
			(await number("select reltuples from pg_class where oid = 'shop.orders'::regclass")) > own,
		"size of all, in bytes (pg_relation_size)":
			(await number("select pg_relation_size('shop.orders')")) > 0,
		"writes of all (pg_stat_all_tables)":
			(await number(
				"select n_tup_ins from pg_stat_all_tables where relid = 'shop.orders'::regclass",
			)) > own,
		"how many tenants there are (pg_roles)":
			(await number("select count(*) from pg_roles where rolname ~ 'tenant_[0-9]+$'")) > 1,
	};
}
