import type { ChildProcess } from "node:child_process";
import net from "node:net";
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
import { type Bench, bench, dbtFolder, noDbt, ownPostgres } from "./dbt-gate.ts";

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
let watch: Awaited<ReturnType<typeof connectPostgres>>;
t.before(async () => {
	if (bin === null) return;
	url = await ownPostgres(t);
	watch = await connectPostgres(url);
	t.teardown(() => watch.end());
});

let trial = 0;
const run = (change: Change, gate: Bench, more = limits) =>
	tryChange(trial++, change, shop, gate, more, AbortSignal.timeout(120_000));

/** A gate on a shop of its own, which has published its marts once. */
async function published(t: Test, at: { url?: string; guard?: "on" | "off" } = {}) {
	const gate = await bench(t, { url: at.url ?? url, bin: bin!, guard: at.guard ?? "on" });
	await gate.ask("drop schema if exists gatekeeper cascade");
	await arrangeShop(gate.ask, { seed: 5, orders });
	t.equal((await run([], gate)).published, true);
	return gate;
}

/** Resolves once a query answers `true`. */
async function until(query: string): Promise<void> {
	while ((await watch.query({ text: query, rowMode: "array" })).rows[0]?.[0] !== true)
		await pause(2);
}

const someMartBuilt =
	"select exists (select from pg_tables where schemaname = 'build_marts' and tablename = 'fct_orders_v2')";
const dbtWorks =
	"select exists (select from pg_stat_activity where application_name = 'dbt-shop' and datname = current_database())";

/** Does something to the gate's first process, once the query answers true, and reads the marts all the while. */
function interrupt(
	gate: Bench,
	when: string,
	how: (process: ChildProcess) => Promise<void> | void,
) {
	const seen = new Set<string>();
	let starts = 0;
	let reading = true;
	const reads = (async () => {
		while (reading) {
			seen.add(await readMarts(async (query) => (await watch.query(query)).rows));
			await pause(5);
		}
	})();
	let done: Promise<void> = Promise.resolve();
	gate.onStart = (process) => {
		if (starts++ === 0) done = until(when).then(() => how(process));
	};
	return async () => {
		reading = false;
		await Promise.all([reads, done]);
		return { starts, seen: [...seen] };
	};
}

t.test("dbt killed between two models", { skip }, async (t) => {
	const gate = await published(t);
	const ended = interrupt(gate, someMartBuilt, (process) => void process.kill("SIGKILL"));
	const { verdict, interrupted } = await run([], gate);
	t.same(interrupted, ["dbt was ended by SIGKILL"]);
	t.equal(verdict.kind, "passed");
	t.same(await ended(), { starts: 2, seen: [whole] });
	t.equal((await gate.ask(publishedSql)).at(-1)?.digests, whole);
});

t.test("its sessions ended in the middle of a build", { skip }, async (t) => {
	const gate = await published(t);
	const ended = interrupt(gate, someMartBuilt, async () => {
		await watch.query(
			"select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'dbt-shop'",
		);
	});
	const { verdict, interrupted } = await run(nulls, gate);
	// A rule that was seen to be broken before blocks all the same.
	t.ok(interrupted.length <= 1);
	t.match(verdict, { kind: "blocked", message: /stg_orders\.status: not_null/ });
	t.same((await ended()).seen, [whole]);
});

t.test("its way to the database black-holed for a while", { skip }, async (t) => {
	const hole = await proxyTo(t, url);
	const gate = await published(t, { url: hole.url });
	const ended = interrupt(gate, dbtWorks, async () => {
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
	const gate = await published(t, { guard: "off" });
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
