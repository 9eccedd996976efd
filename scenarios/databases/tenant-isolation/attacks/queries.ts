import { pick, type Stream } from "faultline";
import type { Attack, Known } from "./attack.ts";

// Hostile queries are put together from parts: something before, a way to read, a way to name the rows.

type Part = readonly [title: string, text: (known: Known) => string];

/** Said first; refused or not, what comes after goes on. */
const preludes: Part[] = [
	["", () => ""],
	["set role", ({ victimRole }) => `set role "${victimRole}"`],
	["set role of the owner", ({ ownerRole }) => `set role "${ownerRole}"`],
	["reset role", () => "reset role;"],
	["session authorization", ({ victimRole }) => `set session authorization "${victimRole}"`],
	["a setting", ({ victim }) => `select set_config('app.tenant', '${victim}', false);`],
	["a setting by SET", ({ victim }) => `set app.tenant = '${victim}';`],
	["the role as a setting", () => "select set_config('role', 'postgres', false);"],
	["row security off", () => "set row_security = off;"],
	["replica", () => "set session_replication_role = replica;"],
	["an aborted transaction", () => "begin; select 1/0;"],
	["another search path", () => "set search_path = pg_temp, shop, tenancy;"],
	[
		"its own current_tenant",
		({ victim }) =>
			`create function pg_temp.current_tenant() returns int language sql as 'select ${victim}';`,
	],
	[
		"membership of its own",
		({ me, victim }) => `update tenancy.members set tenant_id = ${victim} where tenant_id = ${me};`,
	],
	["the policy dropped", () => "drop policy own_rows on shop.orders;"],
	["a policy of its own", () => "create policy mine on shop.orders using (true);"],
	["row security disabled", () => "alter table shop.orders disable row level security;"],
	["bypass for itself", () => "alter role current_user bypassrls;"],
	["a grant to itself", () => "grant pg_read_all_data to current_user;"],
];

/** Rows of orders, or of customers, as they may be named. */
const sources: readonly (readonly [title: string, text: string])[] = [
	["orders", "shop.orders"],
	["quoted", 'shop."orders"'],
	["quoted both", '"shop"."customers"'],
	["with spaces", "shop . orders"],
	["only", "only shop.customers"],
	["a subquery", "(select * from shop.orders) as inner_rows"],
	["a table command", "(table shop.customers) as inner_rows"],
	["a join", "shop.orders as o join shop.customers as c using (customer_id)"],
	[
		"a lateral join",
		"shop.customers as c, lateral (select * from shop.orders as o where o.customer_id = c.customer_id) as l",
	],
	["a sample", "shop.orders tablesample system (100)"],
	["a comment in it", "shop./* a comment */orders"],
	["unicode", 'shop.U&"\\006Frders"'],
];

const filters: Part[] = [
	["all", () => ""],
	["the victim's", ({ victim }) => `where tenant_id = ${victim}`],
	["not its own", ({ me }) => `where tenant_id <> ${me}`],
	["or true", ({ me }) => `where tenant_id = ${me} or true`],
	[
		"a union",
		({ victim }) => `where false union all select * from shop.orders where tenant_id = ${victim}`,
	],
	[
		"in a subquery",
		({ victim }) =>
			`where (tenant_id, customer_id) in (select tenant_id, customer_id from shop.customers where tenant_id = ${victim})`,
	],
	["behind a comment", () => "-- where tenant_id = 1\n"],
];

/** Ways to have rows read: by a select, or by what looks at them while it runs. */
const readers: readonly (readonly [title: string, read: (from: string, known: Known) => string])[] =
	[
		["select", (from) => `select * from ${from}`],
		["as json", (from) => `select json_agg(inner_all) from (select * from ${from}) as inner_all`],
		[
			"as xml",
			(from) => `select query_to_xml(${literal(`select * from ${from}`)}, true, true, '')`,
		],
		[
			"a common table",
			(from) => `with rows as materialized (select * from ${from}) select * from rows`,
		],
		[
			"a recursive one",
			(from) =>
				`with recursive r as (select 1 as n union select n + 1 from r where n < 2) select * from r, (select * from ${from}) as other`,
		],
		[
			"a view",
			(from, { fresh }) =>
				`create temp view v_${fresh} as select 1 as one from ${from}; select * from v_${fresh}, shop.orders`,
		],
		[
			"a view with the invoker's rights",
			(from, { fresh }) =>
				`create temp view v_${fresh} with (security_invoker) as select 1 as one from ${from}; select * from v_${fresh}, shop.customers`,
		],
		[
			"a table of its own",
			(from, { fresh }) =>
				`create temp table t_${fresh} as select inner_all::text as line from (select 1 as one from ${from}) as inner_all; select * from t_${fresh}, shop.orders`,
		],
		[
			"prepared",
			(from, { fresh }) => `prepare p_${fresh} as select * from ${from}; execute p_${fresh}`,
		],
		[
			"a cursor that stays",
			(from, { fresh }) =>
				`declare c_${fresh} cursor with hold for select * from ${from}; fetch all from c_${fresh}`,
		],
		["copied out", (from) => `select * from ${from} limit 100000 offset 0`],
		[
			"in notices",
			(from) =>
				`do $do$ declare line record; begin for line in select * from ${from} loop raise notice '%', line; end loop; end $do$`,
		],
		[
			"by a function in the filter",
			(from, { fresh }) =>
				`create function pg_temp.f_${fresh}(text) returns boolean language plpgsql cost 0.0000001 as $f$ begin raise notice '%', $1; return true; end $f$; select 1 from (select * from ${from}) as inner_all where pg_temp.f_${fresh}(inner_all::text)`,
		],
		[
			"by a function with the owner's rights",
			(from, { fresh }) =>
				`create function pg_temp.d_${fresh}() returns setof text language plpgsql security definer as $f$ begin return query execute ${literal(`select inner_all::text from (select * from ${from}) as inner_all`)}; end $f$; select * from pg_temp.d_${fresh}()`,
		],
		[
			"by a cast that fails",
			(from) =>
				`select * from (select * from ${from}) as inner_all where (inner_all::text)::integer = 1`,
		],
		[
			"by an operator of its own",
			(from, { fresh }) =>
				`create function pg_temp.o_${fresh}(text, text) returns boolean language plpgsql cost 0.0000001 as $f$ begin raise notice '%', $1; return true; end $f$; create operator pg_temp.@@@ (leftarg = text, rightarg = text, function = pg_temp.o_${fresh}); select 1 from (select * from ${from}) as inner_all where inner_all::text operator(pg_temp.@@@) ''`,
		],
		[
			"leakproof, as it says",
			(from, { fresh }) =>
				`create function pg_temp.l_${fresh}(text) returns boolean language plpgsql leakproof as $f$ begin raise notice '%', $1; return true; end $f$; select 1 from (select * from ${from}) as inner_all where pg_temp.l_${fresh}(inner_all::text)`,
		],
		["explained", (from) => `explain (analyze, verbose) select * from ${from}`],
		[
			"executed in a block",
			(from) =>
				`do $do$ declare found text; begin execute ${literal(`select json_agg(inner_all)::text from (select * from ${from}) as inner_all`)} into found; raise exception '%', found; end $do$`,
		],
	];

/** Statements that write, and what they give back of what they met. */
const writers: Part[] = [
	[
		"update returning",
		({ victim }) => `update shop.orders set note = note where tenant_id = ${victim} returning *`,
	],
	["update of all", () => "update shop.customers set name = 'taken' returning *"],
	[
		"rows moved over",
		({ me, victim }) =>
			`update shop.orders set tenant_id = ${me} where tenant_id = ${victim} returning *`,
	],
	[
		"its own moved away",
		({ victim }) => `update shop.customers set tenant_id = ${victim} returning *`,
	],
	[
		"delete returning",
		({ victim }) => `delete from shop.orders where tenant_id = ${victim} returning *`,
	],
	[
		"a delete in a common table",
		({ me }) =>
			`with gone as (delete from shop.orders where tenant_id <> ${me} returning *) select * from gone`,
	],
	[
		"an insert for another",
		({ victim, fresh }) =>
			`insert into shop.customers values (${victim}, ${9_000}, '${fresh}', 'planted') returning *`,
	],
	[
		"an upsert over another's",
		({ victim }) =>
			`insert into shop.customers values (${victim}, 1, 'x', 'x') on conflict (tenant_id, customer_id) do update set name = 'taken' returning shop.customers.*`,
	],
	[
		"a merge",
		({ victim }) =>
			`merge into shop.orders as o using (select 1) as one on o.tenant_id = ${victim} when matched then delete returning o.*`,
	],
	["locked", () => "select * from shop.orders for update"],
	["truncated", () => "truncate shop.orders"],
	[
		"a trigger on it",
		({ fresh }) =>
			`create function pg_temp.t_${fresh}() returns trigger language plpgsql as $f$ begin raise notice '%', new; return new; end $f$; create trigger t_${fresh} before insert on shop.orders for each row execute function pg_temp.t_${fresh}()`,
	],
	[
		"a rule on it",
		({ fresh }) => `create rule r_${fresh} as on select to shop.orders do also notify ${fresh}`,
	],
];

/** Places where a server keeps what it has seen. */
const places: Part[] = [
	[
		"statistics",
		() =>
			"select tablename, attname, most_common_vals::text, histogram_bounds::text from pg_stats where schemaname = 'shop'",
	],
	["raw statistics", () => "select * from pg_statistic"],
	["other sessions' statements", () => "select usename, query from pg_stat_activity"],
	["the audit", () => "select * from audit.statements"],
	["an audit rewritten", () => "update audit.statements set statement = ''"],
	[
		"an audit added to",
		({ victim }) =>
			`insert into audit.statements (tenant_id, request, statement) values (${victim}, 'x', 'x')`,
	],
	["the members", () => "select * from tenancy.members"],
	["passwords", () => "select rolname, rolpassword from pg_authid"],
	["a file", () => "select pg_read_file('PG_VERSION')"],
	["files listed", () => "select pg_ls_dir('base')"],
	["a program", () => "copy shop.orders to program 'cat'"],
	["a file written", () => "copy (select 1) to '/tmp/never'"],
	["large objects", () => "select lo_import('/etc/hostname')"],
	["prepared transactions", () => "select * from pg_prepared_xacts"],
	["page contents", () => "select * from heap_page_items(get_raw_page('shop.orders', 0))"],
	[
		"the definition of the function",
		() =>
			"create or replace function tenancy.current_tenant() returns integer language sql as 'select 2'",
	],
	["comments", () => "comment on table shop.orders is 'mine'"],
	[
		"another database by a link",
		() => "select * from dblink('dbname=postgres', 'select 1') as t(a int)",
	],
];

/** A query drawn from the grammar. */
export function hostileQuery(draw: Stream, known: Known): Attack {
	const [said, before] = pick(draw, preludes);
	const which = draw();
	const [title, text] =
		which < 0.15 ? pick(draw, writers) : which < 0.27 ? pick(draw, places) : reading(draw);
	return {
		kind: "query",
		title: said === "" ? title : `${said}; ${title}`,
		statements: [before(known), text(known)].filter((statement) => statement !== ""),
	};
}

function reading(draw: Stream): Part {
	const [how, read] = pick(draw, readers);
	const [named, source] = pick(draw, sources);
	const [filtered, filter] = pick(draw, filters);
	return [`${how} of ${named}, ${filtered}`, (known) => read(`${source} ${filter(known)}`, known)];
}

/** How many different ones the grammar has. */
export const queryForms =
	preludes.length *
	(writers.length + places.length + readers.length * sources.length * filters.length);

function literal(text: string): string {
	return `'${text.replaceAll("'", "''")}'`;
}
