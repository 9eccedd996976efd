-- question:   What was the mean amount of an order over the last so many days, day by day?
-- parameters: category text, from_day date, to_day date, days integer
-- columns:    day date, orders_count numeric, mean_cents numeric
-- complexity: O(log n + k + d), k the orders of the category in these days, d the days: the index has them together,
--             they are summed into at most d rows, and the window slides over those. k is a fixed share of n.
-- growth:     0.4..1.3, as up to some 10,000 orders the days outweigh them
-- index:      from 1000 rows on: create index on orders (category, ordered_at) include (amount_cents)

-- The frame is a RANGE of days: a day without orders has no row, and seven ROWS back may be nine days back. The days
-- before the first are read too, or its mean would be of one day. Sums are divided, not means averaged.
with daily as (
	select
		ordered_at::date as day,
		sum(amount_cents) as cents,
		count(amount_cents) as orders_count
	from orders
	where category = :'category'::text
		and ordered_at >= :'from_day'::date - (:days::integer - 1)
		and ordered_at < :'to_day'::date + 1
	group by ordered_at::date
),
averaged as (
	select
		day,
		sum(orders_count) over recent as orders_count,
		round(sum(cents) over recent / nullif(sum(orders_count) over recent, 0), 2) as mean_cents
	from daily
	window recent as (
		order by day
		range between make_interval(days => :days::integer - 1) preceding and current row
	)
)
select day, orders_count, mean_cents
from averaged
where day >= :'from_day'::date
order by day;
