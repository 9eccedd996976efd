-- question:   What had one customer spent after each of their orders?
-- parameters: customer integer
-- columns:    order_id bigint, ordered_at timestamp, amount_cents bigint, total_cents numeric
-- complexity: O(log n + k), k the orders of the customer: one descent of the index, which has them in the order of
--             the window, so that nothing is sorted. Without it every order is read: O(n).
-- growth:     -0.2..0.3, as customers buy no more where there are more of them
-- index:      from 1000 rows on: create index on orders (customer_id, ordered_at, order_id) include (amount_cents)

-- The frame says ROWS and the order ends with the key: two orders of the same minute are two steps. An order without
-- an amount adds nothing, and before the first amount the total is 0, not null.
select
	order_id,
	ordered_at,
	amount_cents,
	coalesce(sum(amount_cents) over (
		order by ordered_at, order_id
		rows between unbounded preceding and current row
	), 0) as total_cents
from orders
where customer_id = :customer::integer
order by ordered_at, order_id;
