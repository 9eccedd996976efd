-- Every key begins with the tenant, and every reference holds it too: a key that is taken, or that is referred to, says
-- nothing of what another tenant has. There is no sequence that all share.
create table shop.customers (
	tenant_id integer not null default tenancy.current_tenant(),
	customer_id integer not null,
	email text not null,
	name text not null,
	primary key (tenant_id, customer_id),
	unique (tenant_id, email)
);
create table shop.orders (
	tenant_id integer not null default tenancy.current_tenant(),
	order_id text not null,
	customer_id integer not null,
	amount_cents integer not null,
	note text not null,
	primary key (tenant_id, order_id),
	foreign key (tenant_id, customer_id) references shop.customers (tenant_id, customer_id)
);
create index on shop.orders (tenant_id, customer_id);
alter table shop.customers owner to :"owner";
alter table shop.orders owner to :"owner";
grant usage on schema shop to :"tenants";
grant select, insert, update, delete on shop.customers, shop.orders to :"tenants";
