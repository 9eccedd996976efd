-- question:   Of the customers who first bought in a month, how many bought again so many months later?
-- parameters: region text, months integer
-- columns:    cohort date, age_months integer, customers_count bigint, retained_pct numeric
-- complexity: O(n log n): as for churn, the region's orders are reduced to customer-months by hash and those sorted
--             for the window; what is left, cohorts by ages, does not grow with n.
-- growth:     0.7..1.3
-- index:      from 1000 rows on: create index on orders (region, customer_id, ordered_at, order_id)

-- A cohort's first row is its month 0, where all of it bought: the size that the others are a share of.
with active as (
	select distinct customer_id, date_trunc('month', ordered_at)::date as month
	from orders
	where region = :'region'::text
),
dated as (
	select month, min(month) over (partition by customer_id) as cohort
	from active
),
counted as (
	select
		cohort,
		(12 * (extract(year from month) - extract(year from cohort))
			+ extract(month from month) - extract(month from cohort))::integer as age_months,
		count(*) as customers_count
	from dated
	group by 1, 2
)
select
	cohort,
	age_months,
	customers_count,
	round(100.0 * customers_count / first_value(customers_count) over (partition by cohort order by age_months), 2)
		as retained_pct
from counted
where age_months <= :months::integer
order by cohort, age_months;
