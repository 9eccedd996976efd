import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import pg from "pg";
import t, { type Test } from "tap";
import { isAlive } from "../../../base/process.ts";
import type { Home } from "../../../daemon/home/home.ts";
import { takeDown } from "../../../daemon/stack/detached.ts";
import { readRecord, writeRecord } from "../../../daemon/stack/record.ts";
import { secretOf } from "../../../daemon/stack/secrets.ts";
import type { Stack } from "../../../daemon/stack/stack.ts";
import { urlOf } from "../../../daemon/stack/urls.ts";
import { temporaryHome } from "../daemon.ts";
import { opened, up } from "./stack-helper.ts";

t.setTimeout(120_000);

const secured = ["postgres", "redis"] as const;
const only = [...secured, "toxiproxy"] as const;

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	try {
		return (await client.query(sql)).rows;
	} finally {
		await client.end();
	}
}

async function askRedis(url: string, command: string, ...words: string[]): Promise<unknown> {
	const redis = new Redis(url, { retryStrategy: () => null, enableReadyCheck: false });
	redis.on("error", () => {});
	try {
		return await redis.call(command, ...words);
	} finally {
		redis.disconnect();
	}
}

/** Nobody gets in without the password, or with another. */
async function refusesStrangers(t: Test, stack: Stack): Promise<void> {
	for (const path of ["endpoint", "proxied"] as const) {
		const postgres = new URL(urlOf(up(stack, "postgres")[path]!));
		t.match(await ask(postgres.href, "select current_user"), [{ current_user: "postgres" }]);
		for (const password of ["", "guess"]) {
			postgres.password = password;
			await t.rejects(ask(postgres.href, "select 1"), /password/, `Postgres, ${path}`);
		}
		const redis = new URL(urlOf(up(stack, "redis")[path]!));
		t.equal(await askRedis(redis.href, "PING"), "PONG");
		redis.password = "guess";
		await t.rejects(askRedis(redis.href, "PING"), /WRONGPASS|NOAUTH/, `Redis, ${path}`);
		await t.rejects(
			askRedis(`redis://${redis.host}`, "CONFIG", "GET", "dir"),
			/NOAUTH/,
			"nor to have files written",
		);
	}
}

t.test("our Postgres and Redis let in whoever has the password, and nobody else", async (t) => {
	const home = temporaryHome(t);
	const { stack, lines } = await opened(t, home, { only });
	await refusesStrangers(t, stack);
	for (const id of secured) t.notMatch(lines.join("\n"), secretOf(home, id));
	for (const id of secured) process.kill(up(stack, id).root!.pid, "SIGKILL");
	for (const id of secured) await stack.restart(id);
	await refusesStrangers(t, stack);
});

t.test("a password that was lost is another from the next start on", async (t) => {
	const home = temporaryHome(t);
	const first = await opened(t, home, { only });
	await ask(urlOf(up(first.stack, "postgres").endpoint), "create table kept as select 42 as n");
	await first.stack.close();
	const before = secretOf(home, "postgres");
	for (const id of secured) rmSync(join(home.services, `${id}.secret`));
	const { stack } = await opened(t, home, { only });
	t.not(secretOf(home, "postgres"), before);
	await refusesStrangers(t, stack);
	t.match(await ask(urlOf(up(stack, "postgres").endpoint), "table kept"), [{ n: 42 }]);
});

/** As versions before passwords left it: everybody is let in, and the role has none. */
function makeOld(home: Home): void {
	const [rules] = [home.folder, home.outside]
		.filter((folder) => existsSync(folder))
		.flatMap((folder) =>
			readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
		)
		.filter((file) => file.endsWith("pg_hba.conf"));
	writeFileSync(rules!, "host all all 127.0.0.1/32 trust\n");
	for (const id of secured) {
		rmSync(join(home.services, `${id}.secret`));
		writeRecord(home, id, { ...readRecord(home, id), fingerprint: "of an older version" });
	}
}

t.test(
	"a home of a version without passwords gets them, with its data, also while it runs",
	async (t) => {
		const home = temporaryHome(t);
		const first = await opened(t, home, { only });
		t.teardown(() => takeDown(home));
		const url = urlOf(up(first.stack, "postgres").endpoint);
		await ask(url, "alter role postgres password null; create table kept as select 42 as n");
		const running = up(first.stack, "postgres").root!;
		first.stack.keepUp();
		await first.stack.close();
		makeOld(home);
		t.ok(isAlive(running), "it runs when the new version comes");

		const { stack } = await opened(t, home, { only });
		t.notOk(isAlive(running), "and is replaced");
		await refusesStrangers(t, stack);
		t.match(await ask(urlOf(up(stack, "postgres").endpoint), "table kept"), [{ n: 42 }]);
		await stack.close();
	},
);
