import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import pg from "pg";
import t, { type Test } from "tap";
import { urlOfRunning } from "../../../daemon/stack/detached.ts";
import { ToxiproxyClient } from "../../../toxiproxy/client.ts";
import { lastingFolder } from "../../lasting-folder.ts";
import { untapped } from "../../untapped.ts";
import { liveDaemon, until } from "../daemon.ts";

const folder = fileURLToPath(new URL("../../../scenarios/", import.meta.url));

/** A subject's program as its README says to start it; resolves with its address. */
async function started(
	t: Test,
	file: string,
	env: Record<string, string>,
): Promise<{ url: string; process: ChildProcess }> {
	const [command, args] = untapped(process.execPath, "--no-warnings", `${folder}${file}`);
	const child = spawn(command, args, {
		cwd: lastingFolder(t),
		env: { ...process.env, ...env },
		stdio: ["ignore", "pipe", "inherit"],
	});
	t.teardown(async () => {
		if (child.exitCode !== null || child.signalCode !== null) return;
		child.kill("SIGKILL");
		await once(child, "exit");
	});
	let output = "";
	child.stdout!.on("data", (bytes: Buffer) => (output += bytes));
	const port = await until(() => /^FLT_READY {"port":(\d+)}$/m.exec(output)?.[1]);
	return { url: `http://127.0.0.1:${port}`, process: child };
}

t.test("the DAG, its harness and the fault scripts work without the testbed", async (t) => {
	const daemon = await liveDaemon(t, { flags: ["--services", "postgres"] });
	const server = new URL(await urlOfRunning(daemon.home, "postgres"));
	const admin = new pg.Client({ connectionString: server.href });
	await admin.connect();
	await admin.query("create database harness");
	await admin.end();
	const database = new URL("/harness", server).href;
	const toxiproxy = new ToxiproxyClient(await urlOfRunning(daemon.home, "toxiproxy"));
	const proxy = await toxiproxy.createProxy({
		name: "harness-sink",
		listen: "127.0.0.1:0",
		upstream: server.host,
	});
	t.teardown(() => toxiproxy.deleteProxy("harness-sink"));
	const sink = new URL(database);
	sink.host = proxy.listen;

	const orders = await started(t, "subjects/order-service.ts", {
		FLT_PATH_DB: database,
		SLOTS: "4",
		SERVICE_MS: "10",
	});
	const worker = await started(t, "failing/failure-modes/pipeline/worker.ts", {
		FLT_PATH_SOURCE: database,
		FLT_PATH_SINK: sink.href,
		FLT_PATH_STATE: database,
		FLT_PATH_ORDERS: orders.url,
	});
	const harness = spawn(
		...untapped(
			process.execPath,
			"--no-warnings",
			`${folder}failing/failure-modes/pipeline/harness.ts`,
			"30",
		),
		{
			env: { ...process.env, DATABASE: database, WORKER: worker.url },
			stdio: ["ignore", "pipe", "inherit"],
		},
	);
	const ended = once(harness, "exit");
	let said = "";
	harness.stdout!.on("data", (bytes: Buffer) => (said += bytes));
	await until(() => rowsIn(database));
	const script = `${folder}failing/failure-modes/faults/network-timeout.sh`;
	const broken = await new Promise<string>((resolve, reject) => {
		const env = { ...process.env, TOXIPROXY: toxiproxy.url };
		execFile(script, ["harness-sink", "0.5"], { env }, (error, stdout) =>
			error === null ? resolve(stdout) : reject(error),
		);
	});
	t.match(broken, "broken for 0.5 s");
	t.same((await toxiproxy.getProxy("harness-sink"))?.toxics ?? [], [], "it heals what it broke");
	t.same(await ended, [0, null], said);
	t.match(said, /^30 batches published, 0 refused, 0 without an answer\n0 rows lost, 0 doubled\n/);
	t.match(said, "checksums of source and sink agree");
});

/** Whether the pipeline has begun to load. */
async function rowsIn(url: string): Promise<boolean> {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	try {
		const { rows } = await client.query("select 1 from loaded limit 1");
		return rows.length > 0;
	} catch {
		return false; // the tables are not there yet
	} finally {
		await client.end();
	}
}
