select
    product_id,
    sku,
    category,
    list_price_cents
from {{ source('raw', 'products') }}
