import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import t from "tap";
import { pause } from "../../../base/clock.ts";
import { diaryFile, readDiary } from "../../../scenarios/databases/cdc-lakehouse/capture/diary.ts";
import { lakeSteps } from "../../../scenarios/databases/cdc-lakehouse/lake/lake.ts";
import {
	appId,
	keys,
	publication,
	tableNames,
} from "../../../scenarios/databases/cdc-lakehouse/names.ts";
import {
	countedChanges,
	hiddenGarbage,
	joinedStarts,
	levelPins,
} from "../../../scenarios/databases/cdc-lakehouse/oracle/commits.ts";
import { Replay } from "../../../scenarios/databases/cdc-lakehouse/oracle/replay.ts";
import { makeOracleSlot, readOn } from "../../../scenarios/databases/cdc-lakehouse/oracle/slot.ts";
import { LogReplay } from "../../../scenarios/databases/cdc-lakehouse/reader/log-replay.ts";
import { folderPlace } from "../../../scenarios/databases/cdc-lakehouse/reader/place.ts";
import { firstRows, transactionOf } from "../../../scenarios/databases/cdc-lakehouse/workload.ts";
import { strike } from "../../../scenarios/streams/exactly-once/strike.ts";
import { temporaryHome } from "../daemon.ts";
import { wide } from "../planted.ts";
import { opened, up } from "../stack/stack-helper.ts";

// The consumer as it is without the testbed, killed at each of its steps; its slot is dropped under it. Only where SEEDS is
// set, as by `npm run test:defects`.

const beside = (file: string) =>
	fileURLToPath(new URL(`../../../scenarios/databases/cdc-lakehouse/${file}`, import.meta.url));
const workload = { seed: 1, customers: 100, orders: 200, largeRows: 1_500, specialEvery: 300 };
const [slot, oracleSlot] = ["lake", "oracle"];
const steps = [...lakeSteps, "acknowledged"];

t.test(
	"killed at each step, and its slot dropped, it comes to every row",
	{ skip: !wide },
	async (t) => {
		const folder = t.testdir({});
		const { stack } = await opened(t, temporaryHome(t), { only: ["postgres"] });
		const { endpoint } = up(stack, "postgres");
		if (endpoint.kind !== "postgres") throw new Error("Postgres has an endpoint of its own kind");
		const { url } = endpoint;
		const client = new pg.Client({ connectionString: url });
		client.on("error", () => {}); // the stack is closed before it
		await client.connect();
		await client.query(readFileSync(beside("tables.sql"), "utf8"));
		await makeOracleSlot(client, oracleSlot);
		for (const { text, values } of firstRows(workload)) await client.query(text, values);

		const environment = { FLT_PATH_REPLICATION: url, SLOT: slot, BUCKETS: "4", SYNC: "off" };
		Object.assign(process.env, environment);
		t.teardown(() => {
			for (const name of Object.keys(environment)) delete process.env[name];
		});
		// It works in the folder that it is started in.
		const script = `cd "${folder}" && exec "${process.execPath}" --no-warnings "${beside("capture/slot/consumer.ts")}"`;
		const command = ["sh", "-c", script];

		const load = new pg.Client({ connectionString: url });
		load.on("error", () => {});
		await load.connect();
		const rest = { over: false };
		const loading = (async () => {
			for (let n = 0; !rest.over; n++) {
				for (const { text, values } of transactionOf(workload, n)) await load.query(text, values);
				// About as many as a shop has: else it is all one batch.
				await pause(5);
			}
		})();
		await strike({
			command,
			steps,
			times: 2 * steps.length,
			upMs: 100,
			lastMs: 0,
			say: (message) => t.comment(message),
		});
		const consumer = spawn(command[0]!, command.slice(1), { stdio: "ignore" });
		t.teardown(() => void consumer.kill("SIGKILL"));

		const replay = new Replay(keys);
		const logs = new Map(
			tableNames.map((name) => [name, new LogReplay(folderPlace(folder), name, appId)]),
		);
		const histories = async () =>
			new Map(
				await Promise.all(
					[...logs].map(async ([name, log]) => [name, await log.versions()] as const),
				),
			);
		const least = async () =>
			Math.min(...[...(await histories()).values()].map((versions) => versions.at(-1)?.lsn ?? 0));
		const diary = () => readDiary(join(folder, diaryFile));
		const snapshots = () => diary().filter(({ kind }) => kind === "snapshot").length;

		// It reads the slot that is to be dropped.
		const before = diary().length;
		while (diary().length < before + 2) await pause(20);
		const taken = snapshots();
		await dropped(client);
		while (snapshots() === taken) await pause(20);
		rest.over = true;
		await loading;
		await readOn(client, oracleSlot, replay);
		const last = replay.commits.at(-1)!.lsn;
		while ((await least()) < last) await pause(20);
		t.pass("it has come to the end");

		const all = await histories();
		const starts = diary().filter((line) => line.kind === "started");
		t.ok(starts.length > steps.length, "it was started again and again");
		const garbage = starts.flatMap((line) => line.garbage);
		t.ok(garbage.length > 0, "something was left behind");
		for (const [what, finding] of Object.entries({
			level: levelPins(all),
			counted: countedChanges(all, replay.commits),
			joined: joinedStarts(all, starts),
			hidden: hiddenGarbage(all, garbage),
		}))
			t.match(finding, { wrongCount: 0, first: null }, what);

		const verified = spawn(
			process.execPath,
			[
				...["--no-warnings", beside("verify.ts"), "--source", url, "--publication", publication],
				...["--tables", folder, "--key", "orders=order_id", "--key", "customers=customer_id"],
			],
			{ stdio: ["ignore", "pipe", "inherit"] },
		);
		const said: string[] = [];
		verified.stdout.on("data", (chunk: Buffer) => said.push(String(chunk)));
		const [exitCode] = await once(verified, "exit");
		t.equal(exitCode, 0, said.join(""));
		await load.end();
		await client.end();
	},
);

/** A reader that is cut off comes back at once, so it takes a few tries to be quicker. */
async function dropped(client: pg.Client): Promise<void> {
	for (;;)
		try {
			await client.query(
				"select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = $1",
				[slot],
			);
			await client.query("select pg_drop_replication_slot($1)", [slot]);
			return;
		} catch {
			await pause(10);
		}
}
