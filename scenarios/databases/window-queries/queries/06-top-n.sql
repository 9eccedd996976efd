-- question:   Which were the largest orders of each category?
-- parameters: top integer
-- columns:    category text, place bigint, order_id bigint, ordered_at timestamp, amount_cents bigint
-- complexity: O(n): the index has the orders as the window wants them, nothing is sorted; past the last place of a
--             category the rows are only stepped over, but they are stepped over.
-- growth:     0.7..1.3
-- index:      from 1000 rows on:
--             create index on orders (category, amount_cents desc, ordered_at, order_id) where amount_cents is not null

-- Prices repeat, so the amount alone leaves it open who has the last place: the earlier order, then the lower number.
-- `desc` would put nulls first.
select category, place, order_id, ordered_at, amount_cents
from (
	select
		category,
		order_id,
		ordered_at,
		amount_cents,
		row_number() over (
			partition by category
			order by amount_cents desc, ordered_at, order_id
		) as place
	from orders
	where amount_cents is not null
) as ranked
where place <= :top::integer
order by category, place;
