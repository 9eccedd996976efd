-- As it is often written: the tenant in a setting of the session, which whoever can run SQL can set too.
create or replace function tenancy.current_tenant() returns integer
	language sql stable
	as $$ select nullif(current_setting('app.tenant', true), '')::integer $$;
