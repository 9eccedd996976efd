-- question:   How many orders come in one session, and how long do such sessions last at most?
-- parameters: region text, gap_minutes integer
-- columns:    orders_count bigint, sessions_count bigint, longest_minutes integer
-- complexity: O(n): the index has a customer's orders together and in time, so that two windows pass over them without
--             a sort; sessions are counted by hash. Without it the region's orders are sorted: O(n log n).
-- growth:     0.7..1.3
-- index:      from 1000 rows on: create index on orders (region, customer_id, ordered_at, order_id)

-- A session goes on while the next order comes within the gap, the gap itself included. The first order of a customer
-- has nothing before it: the comparison is null, and begins a session.
with marked as (
	select
		customer_id,
		ordered_at,
		order_id,
		case
			when ordered_at - lag(ordered_at) over (
				partition by customer_id order by ordered_at, order_id
			) <= make_interval(mins => :gap_minutes::integer) then 0
			else 1
		end as begins
	from orders
	where region = :'region'::text
),
numbered as (
	select
		customer_id,
		ordered_at,
		sum(begins) over (
			partition by customer_id
			order by ordered_at, order_id
			rows between unbounded preceding and current row
		) as session
	from marked
),
sessions as (
	select
		count(*) as orders_count,
		extract(epoch from max(ordered_at) - min(ordered_at)) / 60 as minutes
	from numbered
	group by customer_id, session
)
select orders_count, count(*) as sessions_count, max(minutes)::integer as longest_minutes
from sessions
group by orders_count
order by orders_count;
