import { spawn } from "node:child_process";
import { once } from "node:events";
import pg from "pg";
import t, { type Test } from "tap";
import { isAlive } from "../../base/process.ts";
import type { Undo } from "../../chaos/fault.ts";
import { loadKind } from "../../chaos/kinds.ts";
import { mountSmall } from "../../chaos/postgres/small-file-system.ts";
import { Probe } from "../../chaos/probe.ts";
import { companionsOf, endCompanions } from "../../chaos/process/companions.ts";
import type { Target } from "../../chaos/target.ts";
import type { Home } from "../../daemon/home/home.ts";
import { markedEnv } from "../../daemon/stack/native.ts";
import type { Stack } from "../../daemon/stack/stack.ts";
import { recoveryTarget } from "../../daemon/stage/target.ts";
import { temporaryHome, until } from "../live/daemon.ts";
import { opened, up } from "../live/stack/stack-helper.ts";
import { untapped } from "../untapped.ts";

const kind = await loadKind("tablespace-full");
const why = await kind.available!(() => true);
if (why !== null) {
	t.pass("a table on a full file system", { skip: why });
	process.exit();
}

const suite = t;
const home = temporaryHome(t);
let stack: Stack;
let url = "";
t.before(async () => {
	({ stack } = await opened(t, home, { only: ["postgres"] }));
	const { endpoint } = up(stack, "postgres");
	url = endpoint.kind === "postgres" ? endpoint.url : "";
});

const recovery = recoveryTarget({ toxiproxy: null as never });
/** Processes are found by it, on the whole machine. */
const named = (id: string) => `${id}-${process.pid}`;
/** As of a daemon that has been started again: from what is on the disk. */
const healFromDisk = (undo: Undo) => kind.heal(recovery, JSON.parse(JSON.stringify(undo)) as Undo);

function targetOf(t: Test, home: Home): Target {
	let probe: Promise<Probe> | null = null;
	t.teardown(async () => (await probe)?.close());
	return {
		...recovery,
		env: markedEnv(home),
		postgresOf: async () => url,
		probeOf: () => {
			probe ??= Probe.open({ kind: "postgres", url });
			return probe;
		},
	};
}

async function ask(sql: string): Promise<Record<string, unknown>[]> {
	const client = new pg.Client({ connectionString: url });
	client.on("error", () => {});
	await client.connect();
	try {
		return (await client.query(sql)).rows;
	} finally {
		await client.end();
	}
}

const tablespaces = async () =>
	(await ask("select spcname from pg_tablespace order by 1")).map(({ spcname }) => spcname);
const standing = ["pg_default", "pg_global"];
const full = { code: "53100", message: /No space left on device/ };

async function things(t: Test, count = 200): Promise<void> {
	await ask(`create table things as select id from generate_series(1, ${count}) id`);
	t.teardown(() => ask("drop table things"));
}

t.test("inserts end with 53100, whoever makes them; what is there is read and kept", async (t) => {
	await things(t);
	const session = new pg.Client({ connectionString: url });
	await session.connect();
	t.teardown(() => session.end());
	const insert = { name: "add", text: "insert into things values ($1)", values: [1] };
	await session.query(insert);
	const target = targetOf(t, home);
	const undo = await kind.plan(target, "db", { table: "things" }, named("full-1"));
	await kind.inject(target, undo);
	for (let n = 0; n < 3; n++) await t.rejects(session.query(insert), full, "a prepared one");
	await t.rejects(ask("insert into things values (2)"), full, "one on a new session");
	await t.rejects(ask("update things set id = id + 1000"), full, "rows that have to move");
	await session.query("set enable_seqscan = off");
	t.match(await session.query("select count(*)::int from things"), { rows: [{ count: 201 }] });
	t.same(await ask("select count(*)::int, sum(id)::int from things"), [
		{ count: 201, sum: 20_101 },
	]);
	t.equal((await ask("delete from things where id = 1 returning id")).length, 2);
	await ask("vacuum things");
	t.match(await kind.prove(target, undo), { ok: true });
	t.match(await kind.gone(target, undo), { ok: false, seen: /there, held by 1 processes/ });
	await kind.heal(target, undo);
	await session.query(insert);
	t.match(await kind.gone(target, undo), { ok: true });
	t.same(await ask("select count(*)::int, sum(id)::int from things"), [
		{ count: 200, sum: 20_100 },
	]);
	t.match(await kind.prove(target, undo), { ok: false }, "what is healed is not proved");
});

t.test("it is proved on tables of any kind, by rows that are not doubled", async (t) => {
	const tables = {
		empty: "(id int not null)",
		keyed:
			"(id int generated always as identity primary key, twice int generated always as (id * 2) stored, up int references keyed on delete cascade)",
		'"Odd, ""one"""': '("sel ect" text unique)',
	};
	const target = targetOf(t, home);
	for (const [table, columns] of Object.entries(tables)) {
		await ask(`create table ${table} ${columns}`);
		t.teardown(() => ask(`drop table ${table}`));
		if (table === "keyed") await ask("insert into keyed (up) values (1)");
		if (table.startsWith('"')) await ask(`insert into ${table} values ('x')`);
		const before = await ask(`select * from ${table}`);
		const name = table.replace(/^"|"$/g, "").replaceAll('""', '"');
		const undo = await kind.plan(target, "db", { table: name }, named("full-2"));
		t.match(await kind.gone(target, undo), { ok: true }, table);
		await kind.inject(target, undo);
		const proof = await kind.prove(target, undo);
		t.ok(proof.ok, `${table}: ${proof.seen}`);
		await healFromDisk(undo);
		t.match(await kind.gone(target, undo), { ok: true }, table);
		t.same(await ask(`select * from ${table}`), before);
	}
	t.same(await tablespaces(), standing);
});

t.test("tables that hold no rows and servers that are not ours are refused", async (t) => {
	await ask("create table parts (id int) partition by range (id); create table none ()");
	t.teardown(() => ask("drop table parts, none"));
	const target = targetOf(t, home);
	const plan = (table: string, of = target) => kind.plan(of, "db", { table }, named("full-3"));
	await t.rejects(plan("parts"), { code: "FLT_NO_PATH", hint: /one of its partitions/ });
	await t.rejects(plan("none"), { code: "FLT_NO_PATH", message: /no column to insert into/ });
	await t.rejects(plan("pats"), { code: "FLT_NO_PATH", message: /no table "pats"/ });
	const other = { ...target, env: { ...target.env, FAULTLINE_INSTANCE: "another" } };
	await t.rejects(plan("none", other), {
		code: "FLT_NO_PATH",
		message: /not started by this daemon/,
	});
});

t.test("a server that crashes under it comes back under it, and is healed", async (t) => {
	await things(t);
	const target = targetOf(t, home);
	const undo = await kind.plan(target, "db", { table: "things" }, named("full-4"));
	await kind.inject(target, undo);
	await stack.restart("postgres");
	await t.rejects(ask("insert into things values (1)"), full);
	await healFromDisk(undo);
	await ask("insert into things values (1)");
	t.same(await tablespaces(), standing);
});

t.test(
	"without its file system, as after a reboot, the server starts, has its rows, and is healed",
	async (t) => {
		await things(t);
		const target = targetOf(t, home);
		const undo = await kind.plan(target, "db", { table: "things" }, named("full-5"));
		await kind.inject(target, undo);
		await t.rejects(ask("insert into things values (1)"), full);
		await endCompanions(named("full-5"));
		await stack.restart("postgres");
		t.same(await ask("select count(*)::int from things"), [{ count: 200 }]);
		await healFromDisk(undo);
		await ask("insert into things values (1)");
		await stack.restart("postgres");
		t.same(await tablespaces(), standing);
	},
);

t.test("what was cut short is healed, and then the server starts after any crash", async (t) => {
	await things(t);
	const target = targetOf(t, home);
	const undo = await kind.plan(target, "db", { table: "things" }, named("full-6"));
	const { uid, gid } = undo as { uid: number; gid: number } & Undo;
	const folder = await mountSmall(target, named("full-6"), { uid, gid }, 8_192);
	await ask(`create tablespace "${named("full-6")}" location '${folder}'`);
	await healFromDisk(undo);
	t.same(await companionsOf(named("full-6")), []);
	await stack.restart("postgres");
	t.same(await tablespaces(), standing);
});

/** Injects in a process of its own, as a daemon would that is killed at once, or when it is done. */
async function injectAndDie(t: Test, undo: Undo, when: "done" | "half done"): Promise<void> {
	const code = `
		const { loadKind } = await import("./chaos/kinds.ts");
		await (await loadKind("tablespace-full")).inject({ env: process.env }, JSON.parse(process.argv[1]));
		console.log("injected");
		setInterval(() => {}, 1000);`;
	const options = ["--no-warnings", "--input-type=module", "-e", code, JSON.stringify(undo)];
	const child = spawn(...untapped(process.execPath, ...options), {
		stdio: ["ignore", "pipe", "inherit"],
		env: markedEnv(home),
	});
	t.teardown(() => child.kill("SIGKILL"));
	if (when === "done") await once(child.stdout, "data");
	else await until(async () => (await companionsOf(`${undo.faultId}`)).length > 0);
	child.kill("SIGKILL");
	await once(child, "exit");
}

for (const when of ["done", "half done"] as const) {
	t.test(
		`a daemon killed with it ${when}: the next one keeps what holds it until it is healed`,
		async (t) => {
			await things(t);
			const target = targetOf(t, home);
			const undo = await kind.plan(target, "db", { table: "things" }, named(when));
			await injectAndDie(t, undo, when);
			const [holder] = await companionsOf(named(when));
			({ stack } = await opened(suite, home, { only: ["postgres"] }));
			t.equal(up(stack, "postgres").how, "adopted");
			if (when === "done") {
				t.ok(holder && isAlive(holder), "it is no leftover");
				await t.rejects(ask("insert into things values (1)"), full);
			}
			await healFromDisk(undo);
			t.notOk(holder && isAlive(holder), "it is gone");
			await ask("insert into things values (1)");
			t.same(await tablespaces(), standing);
			await stack.restart("postgres");
			t.same(await ask("select count(*)::int from things"), [{ count: 201 }]);
		},
	);
}
