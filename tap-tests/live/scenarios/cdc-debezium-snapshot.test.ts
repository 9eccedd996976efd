import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import t from "tap";
import { pause } from "../../../base/clock.ts";
import type { Stack } from "../../../daemon/stack/stack.ts";
import { urlOf } from "../../../daemon/stack/urls.ts";
import { diaryFile, readDiary } from "../../../scenarios/databases/cdc-lakehouse/capture/diary.ts";
import { publication } from "../../../scenarios/databases/cdc-lakehouse/names.ts";
import { firstRows } from "../../../scenarios/databases/cdc-lakehouse/workload.ts";
import { temporaryHome } from "../daemon.ts";
import { unfetched } from "../fetched.ts";
import { wide } from "../planted.ts";
import { opened, up } from "../stack/stack-helper.ts";

// What a real Debezium reads of a table that somebody rewrites or truncates behind its snapshot, and what the consumer makes of that.
// Only where SEEDS is set, as by `npm run test:defects`, and Connect is in the cache.

t.setTimeout(400_000);
const beside = (file: string) =>
	fileURLToPath(new URL(`../../../scenarios/databases/cdc-lakehouse/${file}`, import.meta.url));
const lacking = await unfetched({ needs: ["connect"], tools: [] });
const skip =
	!wide ||
	(lacking.length > 0 && "connect is not in the cache; npm run test:components fetches it");

/** The orders are read behind the customers, who take their time. */
const slowly = {
	"snapshot.select.statement.overrides": "public.customers",
	"snapshot.select.statement.overrides.public.customers":
		"select * from public.customers where (select pg_sleep(2)) is not null",
};

const newOrder =
	"insert into orders (order_id, customer_id, amount_cents, status) values (7000, 1, 1, 'paid')";
const cases = [
	{
		what: "a table that is rewritten behind the snapshot is read anew",
		database: "rewritten",
		text: "alter table orders alter column amount_cents type bigint using amount_cents + 0",
		anew: true,
	},
	{
		what: "one that is truncated is right when the truncate has come",
		database: "truncated",
		text: `truncate orders; ${newOrder}`,
		anew: false,
	},
];

t.test("no row is missing that Debezium could not see", { skip }, async (t) => {
	const { stack } = await opened(t, temporaryHome(t), { only: ["postgres", "kafka"] });
	await stack.lease(["connect"], (line) => t.comment(line), new AbortController().signal);
	const admin = await connected(urlOf(up(stack, "postgres").endpoint));
	for (const { what, database, text, anew } of cases)
		await t.test(what, async (t) => {
			await admin.query(`create database ${database}`);
			const url = new URL(urlOf(up(stack, "postgres").endpoint));
			url.pathname = `/${database}`;
			const client = await connected(url.href);
			await client.query(readFileSync(beside("tables.sql"), "utf8"));
			const workload = { seed: 1, customers: 20, orders: 40, largeRows: 1, specialEvery: 20 };
			for (const { text, values } of firstRows(workload)) await client.query(text, values);

			const folder = t.testdir({});
			const said: string[] = [];
			const consumer = spawn(
				process.execPath,
				["--no-warnings", beside("capture/debezium/consumer.ts")],
				{
					cwd: folder,
					env: { ...process.env, ...environment(stack, database), FLT_PATH_REPLICATION: url.href },
					stdio: ["ignore", "ignore", "pipe"],
				},
			);
			t.teardown(() => void consumer.kill("SIGKILL"));
			consumer.stderr.on("data", (chunk: Buffer) => {
				said.push(String(chunk));
				t.comment(String(chunk).trimEnd());
			});

			while (!(await isSleeping(client))) await pause(20);
			await client.query(text);
			while (!readDiary(join(folder, diaryFile)).some(({ kind }) => kind === "snapshot"))
				await pause(50);
			t.equal(
				/rewritten while the snapshot was read.*: orders/.test(said.join("")),
				anew,
				anew ? "it begins anew" : "it goes on",
			);

			const verify = [beside("verify.ts"), "--source", url.href, "--publication", publication];
			const verified = spawn(process.execPath, ["--no-warnings", ...verify, "--tables", folder], {
				stdio: ["ignore", "pipe", "inherit"],
			});
			const answer: string[] = [];
			verified.stdout.on("data", (chunk: Buffer) => answer.push(String(chunk)));
			const [exitCode] = await once(verified, "close");
			t.equal(exitCode, 0, answer.join(""));
			await client.end();
		});
	await admin.end();
});

function environment(stack: Stack, database: string): Record<string, string> {
	const { endpoint } = up(stack, "kafka");
	if (endpoint.kind !== "kafka") throw new Error("Kafka has an endpoint of its own kind");
	return {
		FLT_PATH_LOG: endpoint.brokers.join(),
		FLT_PATH_CONNECTORS: urlOf(up(stack, "connect").endpoint),
		FLT_TOPIC_PREFIX: `${database}.`,
		CONNECTOR_SETTINGS: JSON.stringify(slowly),
		SLOT: database,
		BUCKETS: "2",
		SYNC: "off",
	};
}

/** Whether Debezium is reading the customers: its snapshot is older than this, and the orders have not been read. */
async function isSleeping(client: pg.Client): Promise<boolean> {
	const { rowCount } = await client.query(
		"select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()",
	);
	return rowCount !== 0;
}

async function connected(url: string): Promise<pg.Client> {
	const client = new pg.Client({ connectionString: url });
	client.on("error", () => {}); // the stack is closed before it
	await client.connect();
	return client;
}
