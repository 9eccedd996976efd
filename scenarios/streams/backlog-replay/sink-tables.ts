/** What the sink keeps: the newest value of each key, and what was delivered to it. */
export const tables = `
	create table latest (
		key integer primary key, version bigint not null, value bigint not null,
		replayed_count bigint not null, replayed_sum numeric not null
	);
	create table replayed (partition integer, first_offset bigint, last_offset bigint, primary key (partition, first_offset));
	create table written (n bigint primary key)`;

/** What is older than what is there does not take its place; without this rule whatever comes last does. */
const newest = {
	on: `version = greatest(latest.version, excluded.version),
		value = case when excluded.version > latest.version then excluded.value else latest.value end`,
	off: "version = excluded.version, value = excluded.value",
};

/** A batch of the replay, once: what is sent again finds its place taken, and changes nothing. Says whether it did. */
export function replaySql(newestWins: "on" | "off"): string {
	return `with taken as (
			insert into replayed values ($1, $2, $3) on conflict do nothing returning 1
		), changed as (
			insert into latest
			select * from unnest($4::int[], $5::bigint[], $6::bigint[], $7::bigint[], $8::numeric[])
			where exists (select from taken)
			on conflict (key) do update set ${newest[newestWins]},
				replayed_count = latest.replayed_count + excluded.replayed_count,
				replayed_sum = latest.replayed_sum + excluded.replayed_sum
		)
		select count(*)::int as taken from taken`;
}

/** A live write, once. */
export function liveSql(newestWins: "on" | "off"): string {
	return `with taken as (
			insert into written values ($1) on conflict do nothing returning 1
		)
		insert into latest
		select $2::int, $1::bigint, $3::bigint, 0, 0 where exists (select from taken)
		on conflict (key) do update set ${newest[newestWins]}`;
}
