import type { ChildProcess } from "node:child_process";
import net from "node:net";
import type pg from "pg";
import t, { type Test } from "tap";
import { pause } from "../../base/clock.ts";
import { connectPostgres } from "../../base/postgres-client.ts";
import type { Change } from "../../scenarios/contracts/dbt-contracts/changes/changes.ts";
import {
	arrangeShop,
	digestsText,
	readMarts,
} from "../../scenarios/contracts/dbt-contracts/hooks.ts";
import { martRows } from "../../scenarios/contracts/dbt-contracts/marts.ts";
import { publishedSql } from "../../scenarios/contracts/dbt-contracts/publish.ts";
import { shopOf } from "../../scenarios/contracts/dbt-contracts/source.ts";
import { tryChange } from "../../scenarios/contracts/dbt-contracts/trial.ts";
import { type Bench, bench, dbtFolder, noDbt } from "./dbt-gate.ts";
import { ownPostgres } from "./own-postgres.ts";

// A gate that is interrupted at a moment that is waited for: readers see whole marts all along, and asked again it ends as
// it would have.

const orders = 400;
const shop = shopOf(5, orders);
const whole = digestsText(martRows(shop));
const bin = await dbtFolder();
const skip = bin === null && noDbt;
const limits = { triesMax: 3, shrinkTriesMax: 0 };
const nulls: Change = [
	{ kind: "nulls", table: "orders", column: "status", to: "null", keys: [1, 2, 3, 4, 5] },
];

let url: string;
t.before(async () => {
	if (bin !== null) url = await ownPostgres(t);
});

async function connected(t: Test) {
	const client = await connectPostgres(url);
	t.teardown(() => client.end());
	return client;
}

let trial = 0;
const run = (change: Change, gate: Bench, more = limits) =>
	tryChange(trial++, change, shop, gate, more, AbortSignal.timeout(200_000));

/** A gate on a shop of its own, which has published its marts once. */
async function published(t: Test, guard: "on" | "off" = "on", through = url) {
	const gate = await bench(t, { url, through, bin: bin!, guard });
	await gate.ask("drop schema if exists gatekeeper cascade");
	await arrangeShop(gate.ask, { seed: 5, orders });
	t.equal((await run([], gate)).published, true);
	return gate;
}

/** Does something to the gate's first process, and reads the marts until it is told to stop. */
async function interrupt(t: Test, gate: Bench, how: (gate: ChildProcess) => Promise<void>) {
	const reader = await connected(t);
	const seen = new Set<string>();
	let starts = 0;
	let reading = true;
	const reads = (async () => {
		while (reading) {
			seen.add(await readMarts(async (query) => (await reader.query(query)).rows));
			await pause(5);
		}
	})();
	let done: Promise<void> = Promise.resolve();
	gate.onStart = (process) => {
		if (starts++ === 0) done = how(process);
	};
	return async () => {
		await done;
		reading = false;
		await reads;
		return { starts, seen: [...seen] };
	};
}

/** Holds a source's table, so that dbt stands between its models; then does something to it, and lets the table go. */
async function whileHeld(t: Test, how: (watch: pg.Client) => Promise<unknown>): Promise<void> {
	const holder = await connected(t);
	const watch = await connected(t);
	await holder.query("begin; lock table raw.products in access exclusive mode");
	await until(watch, "wait_event_type = 'Lock'");
	await how(watch);
	await holder.query("rollback");
}

/** Resolves once dbt has a session of which this holds. */
async function until(watch: pg.Client, holds: string): Promise<void> {
	const query = `select from pg_stat_activity where application_name = 'dbt-shop' and ${holds}`;
	while ((await watch.query(query)).rowCount === 0) await pause(5);
}

t.test("dbt killed between two models", { skip }, async (t) => {
	const gate = await published(t);
	const ended = await interrupt(t, gate, (process) =>
		whileHeld(t, async () => process.kill("SIGKILL")),
	);
	const { verdict, interrupted } = await run([], gate);
	t.same(interrupted, ["dbt was ended by SIGKILL"]);
	t.equal(verdict.kind, "passed");
	t.same(await ended(), { starts: 2, seen: [whole] });
	t.equal((await gate.ask(publishedSql)).at(-1)?.digests, whole);
});

t.test("its sessions ended in the middle of a build", { skip }, async (t) => {
	const gate = await published(t);
	const ended = await interrupt(t, gate, () =>
		whileHeld(t, (watch) =>
			watch.query(
				"select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'dbt-shop'",
			),
		),
	);
	const { verdict, interrupted } = await run([], gate);
	t.equal(interrupted.length, 1);
	t.match(interrupted[0], /closed the connection|terminating connection/);
	t.equal(verdict.kind, "passed");
	t.same((await ended()).seen, [whole]);
	t.equal((await gate.ask(publishedSql)).at(-1)?.digests, whole);
});

t.test("its way to the database black-holed for a while", { skip }, async (t) => {
	const hole = await proxyTo(t, url);
	const gate = await published(t, "on", hole.url);
	const watch = await connected(t);
	const ended = await interrupt(t, gate, async () => {
		await until(watch, "true");
		hole.swallow();
		await pause(3_000);
		hole.recover();
	});
	const { verdict, interrupted } = await run([], gate);
	t.ok(interrupted.length > 0, interrupted.join("; "));
	t.equal(verdict.kind, "passed");
	t.same((await ended()).seen, [whole]);
	t.equal((await gate.ask(publishedSql)).at(-1)?.digests, whole);
});

t.test("without contracts nulls go through, and are shrunk to one", { skip }, async (t) => {
	const gate = await published(t, "off");
	const { verdict, smallest } = await run(nulls, gate, { ...limits, shrinkTriesMax: 10 });
	t.equal(verdict.kind, "passed");
	t.equal(smallest, "nulls in orders.status (null) of 1 row");
});

/** A proxy in front of Postgres that can swallow everything, and then ends the connections it swallowed. */
async function proxyTo(t: Test, to: string) {
	const { hostname, port } = new URL(to);
	let swallowing = false;
	const sockets = new Set<net.Socket>();
	const server = net.createServer((client) => {
		const upstream = net.connect(Number(port), hostname);
		for (const [from, to] of [
			[client, upstream],
			[upstream, client],
		] as const) {
			sockets.add(from);
			from.on("data", (data) => {
				if (!swallowing) to.write(data);
			});
			from.on("error", () => {});
			from.on("close", () => {
				sockets.delete(from);
				to.destroy();
			});
		}
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const close = () => {
		for (const socket of sockets) socket.destroy();
	};
	t.teardown(() => {
		close();
		server.close();
	});
	const at = new URL(to);
	at.port = String((server.address() as net.AddressInfo).port);
	return {
		url: at.href,
		swallow() {
			swallowing = true;
		},
		recover() {
			swallowing = false;
			close();
		},
	};
}
