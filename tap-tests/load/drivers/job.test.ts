import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { pause } from "../../../base/clock.ts";
import job, { type JobClient } from "../../../load/drivers/job.ts";
import { lastingFolder } from "../../lasting-folder.ts";
import { untapped } from "../../untapped.ts";

const runner = fileURLToPath(new URL("../../../chaos/subject/job-runner.ts", import.meta.url));
const { signal } = new AbortController();

/** A client of a runner of this command, as the daemon starts one. */
async function clientOf(t: Test, command: string[], limitMs = 0): Promise<[JobClient, string]> {
	const folder = lastingFolder(t);
	const child = spawn(...untapped(process.execPath, "--no-warnings", runner), {
		cwd: folder,
		env: {
			...process.env,
			FLT_PORT: "0",
			FLT_JOB_COMMAND: JSON.stringify(command),
			FLT_JOB_LIMIT_MS: String(limitMs),
		},
		stdio: ["ignore", "pipe", "ignore"],
	});
	t.teardown(() => void child.kill("SIGKILL"));
	let said = "";
	child.stdout!.on("data", (bytes: Buffer) => {
		said += bytes;
	});
	const port = await until(() => /^FLT_READY {"port":(\d+)}$/m.exec(said)?.[1]);
	const at = { kind: "http", url: `http://127.0.0.1:${port}` } as const;
	const client = await job.open(at, { connections: 2, signal });
	t.teardown(() => job.close(client));
	return [client, folder];
}

async function until<T>(condition: () => T): Promise<NonNullable<T>> {
	for (;;) {
		const met = condition();
		if (met) return met;
		await pause(10);
	}
}

t.test(
	"a job answers with its exit code and what it said, with what this order adds",
	async (t) => {
		const [client] = await clientOf(t, ["sh", "-c"]);
		const order = {
			args: ["read line; echo $line $WHO; echo bad >&2; exit 3"],
			env: { WHO: "you" },
		};
		t.match(await client.run({ ...order, stdin: "hello\n" }, signal), {
			exitCode: 3,
			signal: null,
			output: /^hello you\nbad\n$/,
			limitReached: false,
		});
		t.match(await client.run({ args: ["kill -9 $$"] }, signal), {
			exitCode: null,
			signal: "SIGKILL",
		});
		const long = await client.run({ args: ["yes | head -c 600000; echo end"] }, signal);
		t.equal(long.output.length, 262_144, "of a long output the last is kept");
		t.match(long.output, /end\n$/);
		t.equal(client.attempts, 3);
	},
);

t.test("its own limit ends a job, with all that it has started", async (t) => {
	const [client] = await clientOf(t, ["sh", "-c"], 200);
	t.match(await client.run({ args: ["sleep 60 & sleep 60"] }, signal), {
		exitCode: null,
		signal: "SIGKILL",
		limitReached: true,
	});
});

t.test("a program that can't be started certainly did nothing", async (t) => {
	const [client] = await clientOf(t, ["no-such-program"]);
	await t.rejects(client.run({}, signal), {
		message: /no-such-program can't be started: .*ENOENT/,
		outcome: { kind: "fail", code: "job_not_started" },
	});
});

t.test("who leaves before its end ends it", async (t) => {
	const [client, folder] = await clientOf(t, ["sh", "-c"]);
	const leaving = new AbortController();
	const script = "echo $$ > begun; sleep 60; touch ended";
	const left = client.run({ args: [script] }, leaving.signal);
	const file = join(folder, "begun");
	const pid = await until(() => existsSync(file) && readFileSync(file, "utf8").trim());
	leaving.abort();
	await t.rejects(left, { code: "aborted" });
	await until(() => !existsSync(`/proc/${pid}`));
	t.notOk(existsSync(join(folder, "ended")));
});
