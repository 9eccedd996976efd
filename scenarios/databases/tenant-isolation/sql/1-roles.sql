-- Who there is. `owner` has the tables and no login; `tenants` is what every tenant may do, and each tenant is a login of its
-- own in it; `auditor` may add to the audit, and `reader` may read it. None of them passes by row security.
create role :"owner" nologin nosuperuser nocreatedb nocreaterole nobypassrls;
create role :"tenants" nologin nosuperuser nocreatedb nocreaterole nobypassrls;
create role :"auditor" login nosuperuser nocreatedb nocreaterole nobypassrls;
create role :"reader" login nosuperuser nocreatedb nocreaterole nobypassrls;

create schema tenancy authorization :"owner";
create schema shop authorization :"owner";
create schema audit authorization :"owner";
revoke create on schema public from public;

-- Which login is which tenant.
create table tenancy.members (
	role name primary key,
	tenant_id integer not null unique
);
alter table tenancy.members owner to :"owner";

-- By who has logged in: unlike `current_user` and unlike any setting, `session_user` can't be changed by who can run SQL.
create function tenancy.current_tenant() returns integer
	language sql stable security definer set search_path = ''
	as $$ select tenant_id from tenancy.members where role = session_user $$;
alter function tenancy.current_tenant() owner to :"owner";
grant usage on schema tenancy to :"tenants";
