-- Sink (b), `postgres`: postings, balances and the positions in the input, all written in one transaction.
create table if not exists postings (
	partition int not null,
	"offset" bigint not null,
	account text not null,
	cents bigint not null,
	seq bigint not null,
	balance_cents bigint not null,
	attempt text not null,
	written bigint generated always as identity
);
-- Not unique: what is there twice is to be seen, and is kept out by the positions.
create index if not exists postings_by_source on postings (partition, "offset");
create table if not exists balances (
	account text primary key,
	seq bigint not null,
	balance_cents bigint not null
);
-- Whose work comes in batches by number knows by that one which of them is there.
create table if not exists positions (partition int primary key, next bigint not null, batch bigint);

-- Sink (c), `upsert`: rows by their place in the input; what depends on earlier ones is a view.
create table if not exists received (
	partition int not null,
	"offset" bigint not null,
	account text not null,
	cents bigint not null,
	attempt text not null,
	written bigint generated always as identity
);
create or replace view statements as
select
	partition, "offset", account, cents,
	row_number() over by_account as seq,
	(sum(cents) over by_account)::bigint as balance_cents,
	attempt, written
from received
window by_account as (partition by account order by partition, "offset", written);
