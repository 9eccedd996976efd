-- Both versions of fct_orders are of the same orders and the same money.
select coalesce(v1.order_id, v2.order_id) as order_id
from {{ ref('fct_orders', v=1) }} as v1
full join {{ ref('fct_orders', v=2) }} as v2 on v2.order_id = v1.order_id
where v1.amount_cents is distinct from v2.gross_cents
