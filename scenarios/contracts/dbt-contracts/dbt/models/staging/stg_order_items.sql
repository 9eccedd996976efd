select
    order_id,
    line_no,
    product_id,
    quantity,
    unit_price_cents
from {{ source('raw', 'order_items') }}
