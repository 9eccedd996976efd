-- question:   How did each category's month compare with the one so many months before it?
-- parameters: region text, months_back integer
-- columns:    category text, month date, cents numeric, earlier_cents numeric, change_pct numeric
-- complexity: O(n): the region's orders are read once and summed by hash into at most 12 months of each category; the
--             window sees only those.
-- growth:     0.6..1.3, as up to some 10,000 orders the months outweigh them
-- index:      from 2500 rows on: create index on orders (region, category, ordered_at) include (amount_cents)

-- The frame is one month, so many before: where a category sold nothing then, there is no row and the answer is null.
-- `lag` would silently compare with whatever month came before. Of fewer than 2,500 orders nearly half may be of one
-- region, and to read them all is then as cheap as the index.
with monthly as (
	select
		category,
		date_trunc('month', ordered_at)::date as month,
		coalesce(sum(amount_cents), 0) as cents
	from orders
	where region = :'region'::text
	group by 1, 2
),
compared as (
	select
		category,
		month,
		cents,
		sum(cents) over (
			partition by category
			order by month
			range between make_interval(months => :months_back::integer) preceding
				and make_interval(months => :months_back::integer) preceding
		) as earlier_cents
	from monthly
)
select
	category,
	month,
	cents,
	earlier_cents,
	round(100 * (cents - earlier_cents) / nullif(earlier_cents, 0), 2) as change_pct
from compared
order by category, month;
