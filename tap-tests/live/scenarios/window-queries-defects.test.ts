import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import pg from "pg";
import t from "tap";
import type { Answer } from "../../../scenarios/databases/window-queries/answers.ts";
import { questionOf, rowsOf, workOf } from "../../../scenarios/databases/window-queries/ask.ts";
import {
	growthAsStated,
	indexesUsed,
	rowsEqual,
	tableComplete,
} from "../../../scenarios/databases/window-queries/checks.ts";
import { expectedRows } from "../../../scenarios/databases/window-queries/oracle/oracle.ts";
import { ordersOf } from "../../../scenarios/databases/window-queries/orders.ts";
import { valuesFor } from "../../../scenarios/databases/window-queries/parameters.ts";
import { recordedPlans } from "../../../scenarios/databases/window-queries/plans.ts";
import {
	parseQuery,
	type QueryFile,
	readQueries,
} from "../../../scenarios/databases/window-queries/query-file.ts";
import type { Observed, WindowFacts } from "../../../scenarios/databases/window-queries/record.ts";
import {
	loadedFrom,
	loadedInto,
	makeTable,
	schemaFor,
} from "../../../scenarios/databases/window-queries/table.ts";
import { comparable } from "../../../scenarios/databases/window-queries/text.ts";
import { temporaryHome, until } from "../daemon.ts";
import { opened, up } from "../stack/stack-helper.ts";

// Defects planted into the queries, the table and its indexes, in a real Postgres: each is caught by its check.

const seed = 1;
const rows = 5_000;
const sizes = [1_000, 2_500, rows, 10_000];
/** How a small run takes the work of its larger table. */
const asSmall = { seed, sizes: [2_500, 10_000], repeats: 5 };
const folder = new URL("../../../scenarios/databases/window-queries/", import.meta.url);
const queries = readQueries(new URL("queries/", folder));
const orders = ordersOf(seed, rows);

let client: pg.Client;
let url: string;
t.before(async () => {
	const { stack } = await opened(t, temporaryHome(t), { only: ["postgres"] });
	const { endpoint } = up(stack, "postgres");
	if (endpoint.kind !== "postgres") throw new Error("Postgres has an endpoint of its own kind");
	url = endpoint.url;
	client = new pg.Client({ connectionString: url });
	await client.connect();
	// After the stack's own, so that it comes before it: teardowns run backwards.
	t.teardown(() => client.end());
	for (const size of sizes) await makeTable(client, ordersOf(seed, size), queries);
});

/** The facts of a case in which only this was seen. */
const seen = (observed: Partial<Observed>, answers: Answer[] = []) =>
	({ observed, expected: { loaded: loadedFrom(orders), answers } }) as unknown as WindowFacts;

/** A query's file with a defect in it. */
function planted(id: string, defect: (source: string) => string): QueryFile {
	const { file } = queries.find((query) => query.id === id)!;
	const source = readFileSync(new URL(`queries/${file}`, folder), "utf8");
	const damaged = defect(source);
	if (damaged === source) throw new Error(`${file} is as it was`);
	return parseQuery(file, damaged);
}

async function answersOf(query: QueryFile): Promise<{ actual: Answer[]; expected: Answer[] }> {
	await client.query(`set search_path = ${schemaFor(rows)}`);
	const actual: Answer[] = [];
	const expected: Answer[] = [];
	for (let variant = 0; variant < 4; variant++) {
		const values = valuesFor(query.id, seed, rows, variant);
		const key = { query: query.id, variant };
		const answer = await client.query(questionOf(query, values));
		actual.push({ ...key, rows: rowsOf(answer) });
		expected.push({ ...key, rows: expectedRows(query.id, orders, values).map(comparable) });
	}
	return { actual, expected };
}

t.test("the files as they are answer as the oracle does", async (t) => {
	for (const query of queries) {
		const { actual, expected } = await answersOf(query);
		const { ok, message, actual: seenRows } = rowsEqual.judge(seen({ answers: actual }, expected));
		t.ok(ok, `${query.id}: ${message} ${ok ? "" : JSON.stringify(seenRows)}`);
	}
	const loaded = await loadedInto(client, rows);
	t.ok(tableComplete.judge(seen({ loaded })).ok);
});

const defects: [id: string, from: RegExp, to: string, why: string][] = [
	[
		"running-total",
		/order by ordered_at, order_id\s+rows between unbounded preceding and current row/,
		"order by ordered_at",
		"the default frame takes orders of one minute together",
	],
	[
		"moving-average",
		/range between make_interval\(days => (:days::integer - 1)\)/,
		"rows between $1",
		"rows back are not days back",
	],
	[
		"moving-average",
		/>= :'from_day'::date - \(:days::integer - 1\)/,
		">= :'from_day'::date",
		"the days before the first are filtered out before the window sees them",
	],
	["sessionisation", /<= make_interval/, "< make_interval", "just the gap ends a session"],
	[
		"churn",
		/from orders\s+where region = :'region'::text/,
		"$& and ordered_at < :'before_month'::date",
		"what comes after the last month is not read, and that month has lost everybody",
	],
	["churn", /select distinct customer_id/, "select customer_id", "a customer counts once an order"],
	[
		"retention",
		/min\(month\) over \(partition by customer_id\)/,
		"month",
		"every month is a first",
	],
	[
		"top-n",
		/order by amount_cents desc, ordered_at, order_id/,
		"order by amount_cents desc, order_id desc",
		"equal amounts go by another rule",
	],
	["top-n", /\twhere amount_cents is not null\n/, "", "nulls come first"],
	["gaps-and-islands", /select distinct/, "select", "two orders of a day are two days"],
	[
		"period-over-period",
		/range between make_interval\(months => (.*)\) preceding\s+and make_interval\(.*\) preceding/,
		"rows between $1 preceding and $1 preceding",
		"whatever month came before",
	],
	["share-of-total", /over \(partition by region\)/, "over ()", "of another whole"],
	[
		"percentile",
		/percentile_cont/,
		"percentile_disc",
		"an amount that was paid, not one in between",
	],
];
for (const [id, from, to, why] of defects)
	t.test(`rows-equal catches a defect in ${id}: ${why}`, async (t) => {
		const { actual, expected } = await answersOf(planted(id, (source) => source.replace(from, to)));
		const { ok, message } = rowsEqual.judge(seen({ answers: actual }, expected));
		t.notOk(ok, message);
		t.match(message, `wrong in ${id}`);
	});

t.test("table-complete catches a row that was not loaded", async (t) => {
	await client.query("begin");
	await client.query(`delete from ${schemaFor(rows)}.orders where order_id = 17`);
	const { ok, message } = tableComplete.judge(seen({ loaded: await loadedInto(client, rows) }));
	await client.query("rollback");
	t.notOk(ok);
	t.match(message, /the table has 4999 of 5000 orders/);
});

/** As a small run measures it. */
const judgeGrowth = async (query: QueryFile) =>
	growthAsStated([query]).judge([seen({ work: await workOf(client, [query], asSmall) })]);

const quadratics: [id: string, from: RegExp, to: string, why: string][] = [
	[
		"churn",
		/lead\(month\) over \([^)]*\)/,
		`(
			select min(later.month) from active as later
			where later.customer_id = active.customer_id and later.month > active.month
		)`,
		"it searches all customers' months for each one's next",
	],
	[
		"top-n",
		/row_number\(\) over \(([^)]*)\)/,
		`(count(*) over (partition by category) + 1
			- sum(1::double precision) over ($1 rows between current row and unbounded following))::bigint`,
		"a frame that only shrinks is summed again for each row, within one node of the plan",
	],
];
for (const [id, from, to, why] of quadratics)
	t.test(
		`growth-as-stated catches ${id} made quadratic, which still answers right: ${why}`,
		async (t) => {
			const quadratic = planted(id, (source) => source.replace(from, to));
			const { actual, expected } = await answersOf(quadratic);
			t.ok(rowsEqual.judge(seen({ answers: actual }, expected)).ok, "every row is right");
			const { ok, message } = await judgeGrowth(quadratic);
			t.notOk(ok, message);
			t.match(message, new RegExp(`^${id} grows with an exponent of (1\\.[5-9]|2)`));
		},
	);

t.test("the queries as they are grow as their files state, by the processor's time", async (t) => {
	const work = await workOf(client, queries, asSmall);
	t.same([...new Set(work.map(({ clock }) => clock))], ["processor"]);
	const { ok, message } = growthAsStated(queries).judge([seen({ work })]);
	t.ok(ok, message);
	t.notMatch(message, /can't be told/);
});

t.test("whoever may not see the processor's time has the clock on the wall", async (t) => {
	const query = queries.find(({ id }) => id === "running-total")!;
	await client.query("begin; create role reader; grant usage on schema orders_2500 to reader");
	await client.query("grant select on orders_2500.orders to reader; commit; set role reader");
	const work = await workOf(client, [query], { ...asSmall, sizes: [2_500] });
	await client.query("reset role; drop owned by reader; drop role reader");
	t.match(work, [{ clock: "wall" }]);
	t.ok(work[0]!.timesMs.every((ms) => ms > 0));
});

t.test("indexes-used catches an index that is gone, at the sizes of a small run", async (t) => {
	const judge = async () => {
		const work = [
			...(await workOf(client, queries, { ...asSmall, sizes: [1_000], repeats: 1 })),
			...(await workOf(client, queries, { ...asSmall, repeats: 1 })),
		];
		return indexesUsed(queries, recordedPlans).judge(seen({ postgres: 18, work }));
	};
	const before = await judge();
	t.ok(before.ok, before.message);
	for (const name of new Set(queries.flatMap(({ index }) => index?.name ?? [])))
		for (const size of [1_000, ...asSmall.sizes]) {
			const wanting = queries.find(({ index }) => index?.name === name)!;
			if (size < wanting.index!.fromRows) continue;
			await client.query("begin");
			await client.query(`drop index ${schemaFor(size)}.${name}`);
			const { ok, message } = await judge();
			await client.query("rollback");
			t.notOk(ok, `${name} at ${size}`);
			t.match(message, `${wanting.id} at ${size} rows does not use ${name}: `);
		}
});

t.test("a transaction that is open meanwhile delays a table, and changes no plan", async (t) => {
	const [other, third] = [0, 1].map(() => new pg.Client({ connectionString: url })) as [
		pg.Client,
		pg.Client,
	];
	for (const each of [other, third]) {
		await each.connect();
		t.teardown(() => each.end());
	}
	await client.query("drop schema orders_1000 cascade");
	await other.query("begin isolation level repeatable read; select 1");
	const made = makeTable(client, ordersOf(seed, 1_000), queries);
	await until(async () => {
		const { rows } = await third.query<{ vacuum_count: string }>(
			"select vacuum_count from pg_stat_user_tables where schemaname = 'orders_1000'",
		);
		return Number(rows[0]?.vacuum_count ?? 0) >= 2;
	});
	await other.query("commit");
	await made;
	const { rows } = await client.query<{ pages: number; visible: number }>(
		"select relpages as pages, relallvisible as visible from pg_class where oid = 'orders_1000.orders'::regclass",
	);
	t.ok(rows[0]!.pages > 0);
	t.equal(rows[0]!.visible, rows[0]!.pages);
});

const psql = spawnSync("psql", ["--version"]).status === 0;
t.test("psql asks the sample and has the expected answers", { skip: !psql && "no psql" }, (t) => {
	const sample = new URL("sample/", folder);
	const { stdout, stderr } = spawnSync("psql", ["--csv", "--quiet", "--file", "ask.psql", url], {
		cwd: sample,
		encoding: "utf8",
		env: { ...process.env, PGOPTIONS: "" },
	});
	const expected = globSync("expected/*.csv", { cwd: fileURLToPath(sample) }).sort();
	t.equal(
		stdout,
		expected.map((file) => readFileSync(new URL(file, sample), "utf8")).join(""),
		stderr,
	);
	t.end();
});
