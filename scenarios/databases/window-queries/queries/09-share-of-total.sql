-- question:   What share has each category in the sales of its region, and in all sales?
-- parameters: from_day date, to_day date
-- columns:    region text, category text, cents numeric, region_pct numeric, total_pct numeric
-- complexity: O(n): every order is read once and summed by hash into regions by categories; the windows see only those.
-- growth:     0.7..1.3
-- index:      none: most of the table is wanted, and reading it whole is the cheapest way

select
	region,
	category,
	coalesce(sum(amount_cents), 0) as cents,
	round(100.0 * coalesce(sum(amount_cents), 0) / nullif(sum(sum(amount_cents)) over (partition by region), 0), 4)
		as region_pct,
	round(100.0 * coalesce(sum(amount_cents), 0) / nullif(sum(sum(amount_cents)) over (), 0), 4) as total_pct
from orders
where ordered_at >= :'from_day'::date and ordered_at < :'to_day'::date + 1
group by region, category
order by region, category;
