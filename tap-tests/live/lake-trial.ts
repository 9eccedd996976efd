import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import type { Test } from "tap";
import { pause } from "../../base/clock.ts";
import type { ServiceId } from "../../base/services.ts";
import type { ComponentId } from "../../daemon/stack/service.ts";
import type { Stack } from "../../daemon/stack/stack.ts";
import { urlOf } from "../../daemon/stack/urls.ts";
import {
	type DiaryLine,
	diaryFile,
	readDiary,
} from "../../scenarios/databases/cdc-lakehouse/capture/diary.ts";
import { lakeSteps } from "../../scenarios/databases/cdc-lakehouse/lake/lake.ts";
import {
	appId,
	keys,
	publication,
	tableNames,
} from "../../scenarios/databases/cdc-lakehouse/names.ts";
import {
	countedChanges,
	hiddenGarbage,
	joinedStarts,
	levelPins,
} from "../../scenarios/databases/cdc-lakehouse/oracle/commits.ts";
import { Replay } from "../../scenarios/databases/cdc-lakehouse/oracle/replay.ts";
import { makeOracleSlot, readOn } from "../../scenarios/databases/cdc-lakehouse/oracle/slot.ts";
import { LogReplay } from "../../scenarios/databases/cdc-lakehouse/reader/log-replay.ts";
import { folderPlace, type Place } from "../../scenarios/databases/cdc-lakehouse/reader/place.ts";
import { firstRows, transactionOf } from "../../scenarios/databases/cdc-lakehouse/workload.ts";
import { strike } from "../../scenarios/streams/exactly-once/strike.ts";
import { temporaryHome } from "./daemon.ts";
import { opened, up } from "./stack/stack-helper.ts";

// A consumer of cdc-lakehouse as it is without the testbed, killed at each of its steps while the source is written to.

const beside = (file: string) =>
	fileURLToPath(new URL(`../../scenarios/databases/cdc-lakehouse/${file}`, import.meta.url));
const workload = { seed: 1, customers: 100, orders: 200, largeRows: 1_500, specialEvery: 300 };
const oracleSlot = "oracle";
const steps = [...lakeSteps, "acknowledged"];

export const slot = "lake";

/** What a trial does beside killing the consumer. */
export interface LakeTrial {
	/** Its program. */
	file: string;
	only: readonly ComponentId[];
	/** Services that are started for it. */
	leased: readonly ServiceId[];
	/** What it is told beside where the source is. */
	environment(stack: Stack): Promise<Record<string, string>>;
	/** Where the tables lie; null for the consumer's folder. */
	tables(stack: Stack): { place: Place; where: string } | null;
	/** Breaks something else, once the consumer was killed at each of its steps and goes on. */
	breakMore(at: { stack: Stack; client: pg.Client; diary(): DiaryLine[] }): Promise<void>;
}

export async function lakeTrial(t: Test, trial: LakeTrial): Promise<void> {
	const folder = t.testdir({});
	const { stack } = await opened(t, temporaryHome(t), { only: trial.only });
	await stack.lease(trial.leased, (line) => t.comment(line), new AbortController().signal);
	const url = urlOf(up(stack, "postgres").endpoint);
	const client = await connected(url);
	await client.query(readFileSync(beside("tables.sql"), "utf8"));
	await makeOracleSlot(client, oracleSlot);
	for (const { text, values } of firstRows(workload)) await client.query(text, values);

	const environment = {
		FLT_PATH_REPLICATION: url,
		SLOT: slot,
		BUCKETS: "4",
		SYNC: "off",
		...(await trial.environment(stack)),
	};
	Object.assign(process.env, environment);
	t.teardown(() => {
		for (const name of Object.keys(environment)) delete process.env[name];
	});
	// It works in the folder that it is started in.
	const script = `cd "${folder}" && exec "${process.execPath}" --no-warnings "${beside(trial.file)}"`;
	const command = ["sh", "-c", script];

	const load = await connected(url);
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
	const consumer = spawn(command[0]!, command.slice(1), {
		stdio: ["ignore", "ignore", "inherit"],
	});
	t.teardown(() => void consumer.kill("SIGKILL"));

	const replay = new Replay(keys);
	const tables = trial.tables(stack) ?? { place: folderPlace(folder), where: folder };
	const logs = new Map(tableNames.map((name) => [name, new LogReplay(tables.place, name, appId)]));
	const histories = async () =>
		new Map(
			await Promise.all(
				[...logs].map(async ([name, log]) => [name, await log.versions()] as const),
			),
		);
	const least = async () =>
		Math.min(...[...(await histories()).values()].map((versions) => versions.at(-1)?.lsn ?? 0));
	const diary = () => readDiary(join(folder, diaryFile));

	// It captures again.
	const before = diary().length;
	while (diary().length < before + 2) await pause(20);
	await trial.breakMore({ stack, client, diary });
	rest.over = true;
	await loading;
	await readOn(client, oracleSlot, replay);
	const last = replay.commits.at(-1)!.lsn;
	while ((await least().catch(() => 0)) < last) await pause(20);
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
			...["--tables", tables.where, "--key", "orders=order_id", "--key", "customers=customer_id"],
		],
		{ stdio: ["ignore", "pipe", "inherit"] },
	);
	const said: string[] = [];
	verified.stdout.on("data", (chunk: Buffer) => said.push(String(chunk)));
	const [exitCode] = await once(verified, "exit");
	t.equal(exitCode, 0, said.join(""));
	await load.end();
	await client.end();
}

async function connected(url: string): Promise<pg.Client> {
	const client = new pg.Client({ connectionString: url });
	client.on("error", () => {}); // the stack is closed before it
	await client.connect();
	return client;
}
