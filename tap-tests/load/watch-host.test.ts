import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { pause } from "../../base/clock.ts";
import { untapped } from "../untapped.ts";

/** A process that watches its host from the first moment. */
async function startWatching(t: Test) {
	const file = fileURLToPath(new URL("./fixtures/watching.ts", import.meta.url));
	const child = spawn(...untapped(process.execPath, file), { stdio: ["pipe", "pipe", "inherit"] });
	t.teardown(() => child.kill("SIGKILL"));
	const lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
	const next = async () => String((await lines.next()).value);
	t.equal(await next(), "watching");
	return { child, next, exited: once(child, "exit") };
}

t.test("a process that was stopped for 400 ms reports a pause of about that", async (t) => {
	const { child, next } = await startWatching(t);
	child.kill("SIGSTOP");
	const fromMs = performance.now();
	await pause(400);
	child.kill("SIGCONT");
	const stoppedMs = performance.now() - fromMs;
	const [, pausedMs] = /^pause (\d+)$/.exec(await next()) ?? [];
	const share = Number(pausedMs) / stoppedMs;
	t.ok(share > 0.9 && share < 2, `reported ${pausedMs} ms of ${stoppedMs}`);
});

t.test("a main thread that is busy is no pause of the host", async (t) => {
	const { child, next } = await startWatching(t);
	child.stdin!.write("block\n");
	t.equal(await next(), "did block");
	child.stdin!.write("end\n");
	t.equal(await next(), "did end", "nothing was reported before the watch ended");
});

t.test("the watch is no reason for a process to go on", async (t) => {
	const { child, exited } = await startWatching(t);
	child.stdin!.end();
	t.same(await exited, [0, null]);
});
