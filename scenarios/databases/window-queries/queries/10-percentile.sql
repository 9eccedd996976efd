-- question:   Below which amount lies a given share of the orders of each category?
-- parameters: region text, share double precision
-- columns:    category text, orders_count bigint, amount_cents numeric
-- complexity: O(n log n): each category's amounts are sorted, whatever their order when they come; the index saves
--             reading the rest of the rows.
-- growth:     0.7..1.3
-- index:      from 1000 rows on: create index on orders (region, category, amount_cents)

-- The amount lies between two where the share falls between two orders. Postgres finds it in floats; for a share in
-- hundredths it is a whole number of hundredths, and the rounding takes away nothing but what the floats added.
select
	category,
	count(amount_cents) as orders_count,
	round((percentile_cont(:share::double precision) within group (order by amount_cents))::numeric, 2) as amount_cents
from orders
where region = :'region'::text
group by category
order by category;
