-- What the ten queries read. `amount_cents` is null until an order has been invoiced.
create table orders (
	order_id     bigint    primary key,
	customer_id  integer   not null,
	region       text      not null,
	category     text      not null,
	ordered_at   timestamp not null,
	amount_cents bigint
);
