-- What the ten queries read. `amount_cents` is null until an order has been invoiced. The texts are ordered by their
-- bytes, whatever the locale of the database: quicker, and the answers have one order everywhere.
create table orders (
	order_id     bigint    primary key,
	customer_id  integer   not null,
	region       text      collate "C" not null,
	category     text      collate "C" not null,
	ordered_at   timestamp not null,
	amount_cents bigint
);
