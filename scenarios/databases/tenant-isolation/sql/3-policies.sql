-- One policy for reading and writing alike, forced on the owner too. The select around the function has it asked once a
-- statement and not once a row.
alter table shop.customers enable row level security;
alter table shop.customers force row level security;
alter table shop.orders enable row level security;
alter table shop.orders force row level security;
create policy own_rows on shop.customers to :"tenants"
	using (tenant_id = (select tenancy.current_tenant()))
	with check (tenant_id = (select tenancy.current_tenant()));
create policy own_rows on shop.orders to :"tenants"
	using (tenant_id = (select tenancy.current_tenant()))
	with check (tenant_id = (select tenancy.current_tenant()));
