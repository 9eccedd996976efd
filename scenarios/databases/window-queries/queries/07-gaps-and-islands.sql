-- question:   On which runs of days was something of a category sold every day?
-- parameters: category text, least_days integer
-- columns:    first_day date, last_day date, days_count bigint
-- complexity: O(log n + k), k the orders of the category, a fixed share of n: read from the index in order and made
--             distinct by hash; the windows see at most 365 days.
-- growth:     0.5..1.3, as up to some 10,000 orders the days outweigh them
-- index:      from 1000 rows on: create index on orders (category, ordered_at) include (amount_cents)

-- Over consecutive days the date and its number grow together, so that their difference names the run.
with days as (
	select distinct ordered_at::date as day
	from orders
	where category = :'category'::text
),
numbered as (
	select day, day - (row_number() over (order by day))::integer as island
	from days
)
select min(day) as first_day, max(day) as last_day, count(*) as days_count
from numbered
group by island
having count(*) >= :least_days::integer
order by first_day;
