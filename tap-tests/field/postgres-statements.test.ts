import t, { type Test } from "tap";
import { connectPostgres } from "../../base/postgres-client.ts";
import postgres from "../../load/drivers/postgres.ts";
import postgresWire from "../../load/drivers/postgres-wire.ts";
import { outcomeOf } from "../../load/outcome.ts";
import type { LoadResult } from "../../load/result.ts";
import { command } from "../daemon/cli/command.ts";
import { temporaryHome } from "../live/daemon.ts";
import { opened, up } from "../live/stack/stack-helper.ts";

// Statement files and statements that are unlike others, by `faultline load` and both drivers, on a real server.

t.setTimeout(180_000);

const drivers = ["postgres", "postgres-wire"];
let url = "";
t.before(async () => {
	const { stack } = await opened(t, temporaryHome(t), { only: ["postgres"] });
	const { endpoint } = up(stack, "postgres");
	url = endpoint.kind === "postgres" ? endpoint.url : "";
});

async function sql<Row extends object>(text: string): Promise<Row[]> {
	const client = await connectPostgres(url);
	try {
		const { rows } = await client.query<Row>(text);
		return rows;
	} finally {
		await client.end();
	}
}

const often = ["--rate", "100", "--duration", "600ms", "--connections", "5", "--quiet", "--json"];

async function load(t: Test, driver: string, file: string) {
	const folder = t.testdir({ "a.sql": file });
	const argv = ["load", url, "--statements", `${folder}/a.sql`, "--driver", driver, ...often];
	const { code, out, err } = await command(t, argv);
	if (out === "") throw new Error(err);
	return { code, result: JSON.parse(out) as LoadResult };
}

t.test("values of JSON are in the table as they were meant", async (t) => {
	for (const driver of drivers) {
		await sql(
			"drop table if exists v; create table v (a text, b jsonb, c int[], d numeric, e bigint, f text[])",
		);
		const values = String.raw`[null,{"k":9007199254740993},[1,null,2],9007199254740993.10,9007199254740993,["a,\"b\\","",null,"NULL","{}"]]`;
		const text = "insert into v values ($1, $2, $3, $4, $5, $6)";
		const { result } = await load(t, driver, `{"text":"${text}","values":${values}}`);
		t.equal(result.verdict, "passed", driver);
		t.same(
			await sql(
				"select distinct a, b::text, c, d, e, f, count(*) > 50 as many from v group by 1, 2, 3, 4, 5, 6",
			),
			[
				{
					a: null,
					b: '{"k": 9007199254740993}',
					c: [1, null, 2],
					d: "9007199254740993.10",
					e: "9007199254740993",
					f: ['a,"b\\', "", null, "NULL", "{}"],
					many: true,
				},
			],
			driver,
		);
	}
});

t.test("what begin and commit hold together is all there, or nothing of it", async (t) => {
	const file = [
		"begin;",
		'{"text":"insert into pairs values ($1, 1)","values":["{n}"]}',
		"select 1 / (random() < 0.7)::int;",
		'{"text":"insert into pairs values ($1, 2)","values":["{n}"]}',
		"commit;",
	];
	for (const driver of drivers) {
		await sql("drop table if exists pairs; create table pairs (n bigint, part int)");
		const { result } = await load(t, driver, file.join("\n"));
		t.match(Object.keys(result.errors), ["22012"], `${driver}: no 25P02`);
		t.equal(result.unknown_count, 0);
		const [whole] = await sql<{ whole: number; parts: number }>(
			"select count(*) filter (where parts = 2)::int as whole, sum(parts)::int as parts from (select count(*) as parts from pairs group by n) p",
		);
		t.same(whole, { whole: result.ok_count, parts: 2 * result.ok_count }, driver);
	}
});

t.test("a statement that is wrong fails the load and says which name is", async (t) => {
	const rows: [statement: string, said: RegExp][] = [
		["select * from no_such_table", /42P01 said: relation "no_such_table" does not exist/],
		["selec 1", /42601 said: syntax error at or near "selec"/],
		["select $1::int", /08P01 said: bind message supplies 0 parameters/],
		["copy v from stdin", /57014 said: COPY from stdin failed: a load has no data for COPY/],
	];
	for (const driver of drivers)
		for (const [statement, said] of rows) {
			const { code, result } = await load(t, driver, statement);
			t.equal(code, 10, `${driver}: ${statement}`);
			t.match(result.reasons[0]?.message, said);
			t.equal(result.unknown_count, 0);
		}
	const { code, result } = await load(t, "postgres-wire", "select 1\nselec 1");
	t.equal(code, 10);
	t.equal(result.reasons[0]?.code, "statement_wrong");
});

/** Operations of one connection of each driver, one after another: a row, or how it failed. */
async function onEach(
	t: Test,
	run: (operate: (text: string) => Promise<unknown>, name: string) => Promise<void>,
): Promise<void> {
	const { signal } = new AbortController();
	const options = { connections: 1, signal };
	const client = await postgres.open({ kind: "postgres", url }, options);
	const wire = await postgresWire.open({ kind: "postgres", url }, options);
	const failed = (error: unknown) => outcomeOf(error, [postgres]);
	await run(
		(text) =>
			client.run({ name: text, text }).then(({ rows }) => Object.values(rows[0] ?? {}), failed),
		"postgres",
	);
	await run(
		(text) => wire.query({ name: text, text }, []).then((rows) => rows[0] ?? [], failed),
		"postgres-wire",
	);
	await postgres.close(client);
	postgresWire.close(wire);
	t.pass();
}

t.test("whatever a statement does to its session, the next one is well", (t) =>
	onEach(t, async (operate, name) => {
		await sql(
			"drop table if exists changing; create table changing (a text); insert into changing values ('1')",
		);
		t.same(await operate("select * from changing"), ["1"]);
		await sql("alter table changing add column b text");
		t.same(await operate("select * from changing"), ["1", null], `${name}: a column more`);
		for (const forget of ["discard all", "deallocate all"]) {
			t.same(await operate(forget), []);
			t.same(await operate("select * from changing"), ["1", null], `${name}: ${forget}`);
		}
		t.match(await operate("copy changing from stdin"), { kind: "fail", code: "57014" });
		t.same(await operate("copy changing to stdout"), []);
		for (const begin of ["begin", "start transaction read only"]) {
			t.match(await operate(begin), { kind: "fail", code: "in_transaction" }, name);
			t.same(await operate("select * from changing"), ["1", null], `${name}: after ${begin}`);
		}
		t.match(await operate("select pg_terminate_backend(pg_backend_pid())"), { kind: "unknown" });
		t.same(await operate("select * from changing"), ["1", null], `${name}: a new connection`);
	}),
);

t.test("an answer of 20 MB comes whole", (t) =>
	onEach(t, async (operate, name) => {
		const [long] = (await operate("select repeat('é', 10000000)")) as [string];
		t.equal(long.length, 10_000_000, name);
	}),
);
