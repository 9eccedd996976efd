-- question:   Of the customers who bought in a month, how many bought nothing in the month after it?
-- parameters: region text, before_month date
-- columns:    month date, active_count bigint, churned_count bigint, churned_pct numeric
-- complexity: O(n log n): the region's orders are reduced to months by hash, and the customer-months, a fixed share of
--             n, are sorted for the window.
-- growth:     0.7..1.3
-- index:      from 1000 rows on: create index on orders (region, customer_id, ordered_at, order_id)

-- Of the last month nobody can know yet who comes back: only months before `before_month` are answered, but the ones
-- after them are read.
with active as (
	select distinct customer_id, date_trunc('month', ordered_at)::date as month
	from orders
	where region = :'region'::text
),
followed as (
	select
		month,
		lead(month) over (partition by customer_id order by month) as next_month
	from active
)
select
	month,
	count(*) as active_count,
	count(*) filter (where next_month is distinct from (month + interval '1 month')::date) as churned_count,
	round(100.0 * count(*) filter (where next_month is distinct from (month + interval '1 month')::date) / count(*), 2)
		as churned_pct
from followed
where month < :'before_month'::date
group by month
order by month;
