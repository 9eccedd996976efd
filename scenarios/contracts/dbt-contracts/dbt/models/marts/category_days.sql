{# Revenue of each category on each day that has any order of it. #}
select
    orders.ordered_on,
    products.category,
    sum(items.quantity)::bigint as item_count,
    sum(
        case
            when orders.status in ('returned', 'cancelled') then 0
            else items.quantity::bigint * items.unit_price_cents
        end
    )::bigint as revenue_cents
from {{ ref('stg_order_items') }} as items
inner join {{ ref('fct_orders', v=2) }} as orders on orders.order_id = items.order_id
inner join {{ ref('stg_products') }} as products on products.product_id = items.product_id
group by orders.ordered_on, products.category
