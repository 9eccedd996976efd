with spent as (
    select
        customer_id,
        count(*) as order_count,
        sum(revenue_cents) as revenue_cents,
        min(ordered_on) as first_ordered_on
    from {{ ref('fct_orders', v=2) }}
    group by customer_id
)

select
    customers.customer_id,
    customers.country,
    customers.signed_up_on,
    spent.first_ordered_on,
    coalesce(spent.order_count, 0)::bigint as order_count,
    coalesce(spent.revenue_cents, 0)::bigint as revenue_cents
from {{ ref('stg_customers') }} as customers
left join spent on spent.customer_id = customers.customer_id
