const newest = 6;

/** How many rows each of the newest batches has, as a consumer of the warehouse sees it, in one statement. */
export const readSql = `select coalesce(string_agg(batch || ':' || count, ','), '') as seen
	from (select batch, count(*) as count from warehouse.sales group by batch order by batch desc limit ${newest}) as newest`;
