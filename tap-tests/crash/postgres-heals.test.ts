import { spawn } from "node:child_process";
import { once } from "node:events";
import pg from "pg";
import t, { type Test } from "tap";
import { inDatabase } from "../../base/postgres-url.ts";
import { loadKind } from "../../chaos/kinds.ts";
import { Probe } from "../../chaos/probe.ts";
import { companionsOf } from "../../chaos/process/companions.ts";
import type { Target } from "../../chaos/target.ts";
import { markedEnv } from "../../daemon/stack/native.ts";
import { recoveryTarget } from "../../daemon/stage/target.ts";
import { temporaryHome, until } from "../live/daemon.ts";
import { opened, up } from "../live/stack/stack-helper.ts";
import { untapped } from "../untapped.ts";

const home = temporaryHome(t);
let server = "";
t.before(async () => {
	const { stack } = await opened(t, home, { only: ["postgres"] });
	const { endpoint } = up(stack, "postgres");
	server = endpoint.kind === "postgres" ? endpoint.url : "";
});

const kinds: [kind: string, params: object][] = [
	["connection-exhaustion", {}],
	["long-lock", { table: "things" }],
	["lock-storm", { table: "things", sessions: 4, holdMs: 20 }],
	["read-only", {}],
	["checkpoint-storm", { walBytes: 100_000 }],
	["slot-dropped", { slot: "cdc" }],
];
const why = await (await loadKind("tablespace-full")).available!(() => true);
if (why === null) kinds.push(["tablespace-full", { table: "things" }]);
else t.pass("tablespace-full", { skip: why });

/** A database of its own with a table and a slot, and what a fault needs to act on it. */
async function database(t: Test): Promise<{ name: string; url: string; target: Target }> {
	const name = `flt_${Math.random().toString(36).slice(2)}`;
	await ask(server, `create database ${name}`);
	const url = inDatabase(server, name);
	await ask(url, "create table things as select generate_series(1, 50) id");
	await ask(
		url,
		`select pg_create_logical_replication_slot('${name}_cdc', 'pgoutput', false, true)`,
	);
	t.teardown(async () => {
		await ask(server, `drop database if exists ${name} with (force)`).catch(() => {});
	});
	let probe: Probe | null = null;
	t.teardown(() => probe?.close());
	const target = {
		...recoveryTarget({ toxiproxy: null as never }),
		env: markedEnv(home),
		postgresOf: async () => url,
		ownName: (_: string, own: string) => `${name}_${own}`,
		owns: (own: string) => own.startsWith(name),
		probeOf: async () => {
			probe ??= await Probe.open({ kind: "postgres", url });
			return probe;
		},
	};
	return { name, url, target };
}

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
	const client = await session(url);
	try {
		return (await client.query(sql)).rows;
	} finally {
		await client.end();
	}
}

async function session(url: string, name = "test"): Promise<pg.Client> {
	const client = new pg.Client({ connectionString: url, application_name: name });
	client.on("error", () => {});
	await client.connect();
	return client;
}

/** All that a fault may change. */
async function state(url: string, faultId: string): Promise<Record<string, unknown>> {
	const [row] = await ask(
		url,
		`select
			(select array_agg(relname::text order by 1) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace) as tables,
			(select array_agg(slot_name || ' ' || plugin || ' ' || two_phase) from pg_replication_slots where database = current_database()) as slots,
			(select setconfig from pg_db_role_setting where setdatabase = (select oid from pg_database where datname = current_database())) as settings,
			(select array_agg(relname::text order by 1) from pg_class where relkind = 'i' and relnamespace = 'public'::regnamespace) as indexes,
			(select array_agg(spcname::text order by 1) from pg_tablespace) as tablespaces,
			(select count(*)::int from pg_stat_activity where application_name = '${faultId}') as sessions`,
	);
	return { ...row!, companions: await companionsOf(faultId) };
}

for (const [kind, params] of kinds) {
	const id = `${kind}-${process.pid}`; // processes are found by it, on the whole machine
	t.test(`${kind}: healing is right whether it never ran, ran, or was healed before`, async (t) => {
		const { url, target } = await database(t);
		const fault = await loadKind(kind);
		const before = await state(url, id);
		const recovery = recoveryTarget({ toxiproxy: null as never });

		const undo = await fault.plan(target, "db", params as never, id);
		t.same(await state(url, id), before, "planning changes nothing");
		await fault.heal(recovery, undo);
		t.same(await state(url, id), before, "nor does healing what never ran");

		await target.probeOf("db", id);
		await fault.inject(target, undo);
		let proof = await fault.prove(target, undo);
		for (let looks = 1; !proof.ok && looks < 3; looks++) proof = await fault.prove(target, undo);
		t.ok(proof.ok, proof.seen);
		for (const time of ["once", "twice", "three times"]) {
			await fault.heal(recovery, JSON.parse(JSON.stringify(undo)));
			t.same(await state(url, id), before, `healed ${time}`);
		}
		const gone = await fault.gone(target, undo);
		t.ok(gone.ok, gone.seen);
	});

	t.test(
		`${kind}: healed while it is injected, or with its database dropped, nothing stays`,
		async (t) => {
			const { name, url, target } = await database(t);
			const fault = await loadKind(kind);
			const before = await state(url, id);
			const undo = await fault.plan(target, "db", params as never, id);
			// As an injection does: what is half done is healed when the attempt is over.
			const injecting = fault.inject(target, undo).catch(() => {});
			await fault.heal(target, undo).catch(() => {}); // beside it, it may fail and is tried again
			await injecting;
			await fault.heal(target, undo);
			t.same(await state(url, id), before);

			await fault.inject(target, undo);
			if (kind !== "connection-exhaustion") {
				for (const { slot_name } of await ask(
					server,
					`select slot_name from pg_replication_slots where database = '${name}'`,
				))
					await ask(url, `select pg_drop_replication_slot('${slot_name}')`);
				await ask(server, `drop database ${name} with (force)`);
			}
			await fault.heal(target, undo);
			const { tablespaces, companions } = await state(server, id);
			t.same([tablespaces, companions], [before.tablespaces, []], "healed without it");
		},
	);
}

t.test("what a killed daemon held ends with it, and is healed from the undo alone", async (t) => {
	const { url, target } = await database(t);
	for (const [kind, params] of kinds.slice(0, 3)) {
		const fault = await loadKind(kind);
		const undo = await fault.plan(target, "db", params as never, kind);
		const code = `
			const { loadKind } = await import("./chaos/kinds.ts");
			await (await loadKind("${kind}")).inject(null, JSON.parse(process.argv[1]));
			console.log("injected");
			setInterval(() => {}, 1000);`;
		const child = spawn(
			...untapped(
				process.execPath,
				"--no-warnings",
				"--input-type=module",
				"-e",
				code,
				JSON.stringify(undo),
			),
			{ stdio: ["ignore", "pipe", "inherit"] },
		);
		await once(child.stdout, "data");
		child.kill("SIGKILL");
		await once(child, "exit");
		await fault.heal(recoveryTarget({ toxiproxy: null as never }), undo);
		t.match(await state(url, kind), { sessions: 0 }, kind);
		const gone = await fault.gone(target, undo);
		t.ok(gone.ok, gone.seen);
	}
});

t.test(
	"connection-exhaustion takes what is given back, and ends no session that was there",
	async (t) => {
		const { url, target } = await database(t);
		const [one, other] = [await session(url), await session(url)];
		const fault = await loadKind("connection-exhaustion");
		const undo = await fault.plan(target, "db", {}, "greedy");
		await fault.inject(target, undo);
		const taken = async () =>
			(
				await one.query(
					"select count(*)::int from pg_stat_activity where application_name = 'greedy'",
				)
			).rows[0].count as number;
		const before = await taken();
		await other.end();
		await until(async () => (await taken()) > before);
		t.ok((await fault.prove(target, undo)).ok, "there is still no room");
		await fault.heal(target, undo);
		t.equal(await taken(), 0);
		await one.end();
	},
);

t.test("read-only: an own setting comes back, and sessions that began read-only end", async (t) => {
	const { name, url, target } = await database(t);
	await ask(url, `alter database ${name} set default_transaction_read_only = off`);
	await ask(url, `alter database ${name} set work_mem = '5MB'`);
	const earlier = await session(url);
	const probe = await session(url, "faultline-probe");
	const ended = (client: pg.Client) =>
		client.query("select 1").then(
			() => false,
			() => true,
		);
	const fault = await loadKind("read-only");
	const before = await state(url, "r");
	const undo = await fault.plan(target, "db", {}, "r");
	await fault.inject(target, undo);
	t.ok(await ended(earlier), "who was there has to come back under it");
	const during = await session(url);
	await t.rejects(during.query("insert into things values (1)"), { code: "25006" });
	await fault.heal(target, undo);
	t.same(await state(url, "r"), before);
	t.ok(await ended(during), "who began read-only has to come back");
	const later = await session(url);
	await later.query("insert into things values (1)");
	await fault.heal(target, undo);
	await later.query("insert into things values (2)");
	t.notOk(await ended(probe), "a probe is left alone");
	for (const client of [later, probe]) await client.end();
});

t.test("lock kinds lock the table that is meant, and name those that there are", async (t) => {
	const { url, target } = await database(t);
	await ask(
		url,
		`create schema odd; create table odd."Th""ing" (id int); create table odd.things (id int)`,
	);
	const fault = await loadKind("long-lock");
	const plan = (table: string) => fault.plan(target, "db", { table } as never, "l");
	t.match(await plan("things"), { table: "public.things" });
	t.match(await plan("odd.things"), { table: "odd.things" });
	t.match(await plan('odd.Th"ing'), { table: 'odd."Th""ing"' });
	for (const table of ["thongs", 'Th"ing', "things; drop table things", "pg_class"])
		await t.rejects(plan(table), {
			code: "FLT_NO_PATH",
			message: new RegExp(`no table "${table}" behind path "db"`),
			hint: /there are: odd\.Th"ing, .*things/,
		});
});

t.test(
	"slot-dropped: a reader is cut off; one that is not logical, or not there, is refused",
	async (t) => {
		const { name, url, target } = await database(t);
		await ask(server, `select pg_create_physical_replication_slot('${name}_physical')`);
		t.teardown(() => ask(server, `select pg_drop_replication_slot('${name}_physical')`));
		const fault = await loadKind("slot-dropped");
		for (const slot of ["physical", "none"])
			await t.rejects(fault.plan(target, "db", { slot } as never, "s"), {
				code: "FLT_NO_PATH",
				message: new RegExp(`no logical slot "${name}_${slot}"`),
			});

		await ask(url, "create publication changes for all tables");
		const reader = new pg.Client({ connectionString: url, replication: "database" } as never);
		const cut = new Promise((resolve) => reader.on("error", resolve));
		await reader.connect();
		reader
			.query(
				`START_REPLICATION SLOT ${name}_cdc LOGICAL 0/0 (proto_version '1', publication_names 'changes')`,
			)
			.catch(() => {});
		const active = `select from pg_replication_slots where slot_name = '${name}_cdc' and active`;
		await until(async () => (await ask(url, active)).length === 1);
		const undo = await fault.plan(target, "db", { slot: "cdc" } as never, "s");
		t.match(undo, { slot: `${name}_cdc`, plugin: "pgoutput", twoPhase: true });
		await fault.inject(target, undo);
		await cut;
		t.ok((await fault.prove(target, undo)).ok);
		await fault.heal(target, undo);
		t.ok((await fault.gone(target, undo)).ok);
	},
);
