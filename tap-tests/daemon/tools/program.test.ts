import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { identify } from "../../../base/process.ts";
import { onPath, runProgram } from "../../../daemon/tools/program.ts";

t.test("a program that fails is told with its last words", async (t) => {
	const run = { env: process.env, signal: new AbortController().signal, limitMs: 5_000 };
	const failure = /sh -c .*ended with 3: one \| two$/;
	await t.rejects(runProgram("sh", ["-c", "echo one; echo two >&2; exit 3"], run), failure);
	await t.rejects(runProgram("no-such-program", [], run), /no-such-program.*ENOENT/);
	t.equal(await runProgram("echo", ["fine"], run), "fine\n");
});

t.test("a program that is not wanted any more ends with its children", async (t) => {
	const stop = new AbortController();
	const run = { env: process.env, signal: stop.signal, limitMs: 5_000 };
	const file = join(t.testdir(), "pid");
	const running = runProgram("sh", ["-c", `sleep 60 & echo $! > ${file}; wait`], run);
	running.catch(() => {});
	while (!existsSync(file) || readFileSync(file, "utf8") === "") await new Promise(setImmediate);
	stop.abort(new Error("closing"));
	await t.rejects(running, /closing/);
	t.equal(identify(Number(readFileSync(file, "utf8"))), null);
	await t.rejects(
		runProgram("echo", [], { ...run, limitMs: 5_000 }),
		/closing/,
		"nor is one started",
	);
});

t.test("a program over its limit is ended", async (t) => {
	const run = { env: process.env, signal: new AbortController().signal, limitMs: 50 };
	await t.rejects(runProgram("sleep", ["60"], run), /timeout/);
});

t.test("a program is found in the folders of PATH, if it can be run", async (t) => {
	const folder = t.testdir({ first: { tool: "not executable" }, second: { tool: "" } });
	const second = join(folder, "second", "tool");
	await new Promise((resolve) => spawn("chmod", ["+x", second]).once("exit", resolve));
	const env = { PATH: `${join(folder, "first")}:${join(folder, "second")}` };
	t.equal(onPath(env, "tool"), second);
	t.equal(onPath(env, "other"), null);
	t.equal(onPath({}, "tool"), null);
});

t.test("a program reads what it is given, and needs not read it all", async (t) => {
	const run = { env: process.env, signal: new AbortController().signal, limitMs: 5_000 };
	t.equal(await runProgram("cat", [], { ...run, input: "one\ntwo\n" }), "one\ntwo\n");
	t.equal(await runProgram("true", [], { ...run, input: "x".repeat(1_000_000) }), "");
	t.equal(await runProgram("cat", [], run), "", "without anything its input is at its end");
});
