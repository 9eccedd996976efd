{# One row an order; what was returned or cancelled brings no revenue. #}
with items as (
    select
        order_id,
        sum(quantity) as item_count,
        sum(quantity::bigint * unit_price_cents) as gross_cents
    from {{ ref('stg_order_items') }}
    group by order_id
)

select
    orders.order_id,
    orders.customer_id,
    orders.ordered_at::date as ordered_on,
    orders.status,
    coalesce(items.item_count, 0)::bigint as item_count,
    coalesce(items.gross_cents, 0)::bigint as gross_cents,
    case
        when orders.status in ('returned', 'cancelled') then 0
        else coalesce(items.gross_cents, 0)
    end::bigint as revenue_cents
from {{ ref('stg_orders') }} as orders
left join items on items.order_id = orders.order_id
