-- As it is often written: the tenant in a setting of the session, which whoever can run SQL can set too.
create or replace function tenancy.current_tenant() returns integer
	language sql stable
	as $$ select nullif(current_setting('app.tenant', true), '')::integer $$;
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
