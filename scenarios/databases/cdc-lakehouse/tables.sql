-- The source. `customers` sends the key of a changed row and no more (REPLICA IDENTITY DEFAULT): what is large and stays as it
-- was does not come, and is taken from the table. `orders` sends each changed row of before as a whole (FULL).
create table customers (
	customer_id bigint primary key,
	name text not null,
	-- Large ones lie beside the row, whole: 2 kB of text would else be packed until it fits.
	profile text,
	order_count integer not null default 0,
	spent_cents bigint not null default 0
);
alter table customers alter column profile set storage external;
create table orders (
	order_id bigint primary key,
	customer_id bigint not null,
	amount_cents bigint not null,
	status text not null,
	note text,
	is_gift boolean
);
alter table orders alter column note set storage external;
alter table orders replica identity full;
create index on orders (customer_id);
create publication lake for table customers, orders;
