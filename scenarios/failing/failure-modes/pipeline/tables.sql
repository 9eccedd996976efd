-- Source: batches with their manifests, and their rows.
create table batches (batch integer primary key, row_count integer not null, checksum text not null);
create table rows (
	batch integer, line integer, customer text not null, gross_cents integer not null,
	primary key (batch, line)
);
-- Sink. What is written once only has the key (batch, line): guards.sql.
create table loaded (
	batch integer not null, line integer not null, customer text not null,
	net_cents integer not null, vat_cents integer not null
);
-- The order service's.
create table orders (order_id text not null, amount_cents integer not null, idempotency_key text unique);
