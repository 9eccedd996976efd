import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { identify, identifySelf } from "../../../base/process.ts";
import { type Cache, cached, fetchOnce, onPath, runTool } from "../../../daemon/stack/fetch.ts";

const parcel = {
	name: "thing-1.0",
	what: "Thing 1.0",
	why: "a test wants it",
	from: "nowhere",
	sizeMb: 1,
	typicalSeconds: 2,
};

function cacheIn(t: Test): Cache & { lines: string[] } {
	const lines: string[] = [];
	return {
		folder: join(t.testdir(), "cache"),
		progress: (line) => lines.push(line),
		env: process.env,
		signal: new AbortController().signal,
		lines,
	};
}

const build = async (folder: string) => writeFileSync(join(folder, "part"), "whole");

t.test("a fetch tells what, why, how big and how long, and happens once", async (t) => {
	const cache = cacheIn(t);
	t.equal(cached(cache, parcel), null);
	const folder = await fetchOnce(cache, parcel, build);
	t.equal(readFileSync(join(folder, "part"), "utf8"), "whole");
	t.match(
		cache.lines[0],
		/fetching Thing 1.0 \(a test wants it\) from nowhere: about 1 MB and 2 s/,
	);
	t.match(cache.lines[1], /fetched Thing 1.0 in/);
	await fetchOnce(cache, parcel, async () => {
		t.fail("built twice");
	});
	t.equal(cache.lines.length, 2);
	t.equal(cached(cache, parcel), folder);
});

t.test("a fetch that fails leaves nothing half-done, and the next one begins anew", async (t) => {
	const cache = cacheIn(t);
	const half = async (folder: string) => {
		await build(folder);
		throw new Error("the line is cut");
	};
	await t.rejects(fetchOnce(cache, parcel, half), /the line is cut/);
	t.same(readdirSync(cache.folder), []);
	t.ok(existsSync(await fetchOnce(cache, parcel, build)));
});

t.test("two that fetch at once both end with one whole folder", async (t) => {
	const cache = cacheIn(t);
	let building = 0;
	let release = () => {};
	const bothIn = new Promise<void>((resolve) => {
		release = resolve;
	});
	const together = async (folder: string) => {
		if (++building === 2) release();
		await bothIn;
		await build(folder);
	};
	const folders = await Promise.all([
		fetchOnce(cache, parcel, together),
		fetchOnce(cache, parcel, together),
	]);
	t.equal(folders[0], folders[1]);
	t.same(readdirSync(cache.folder), ["thing-1.0"]);
});

t.test("what a killed fetch left is swept away, what a living one builds is not", async (t) => {
	const cache = cacheIn(t);
	const { pid, startTime } = identifySelf();
	mkdirSync(join(cache.folder, `.building-${pid}-${startTime + 1}-dead`), { recursive: true });
	mkdirSync(join(cache.folder, `.building-${pid}-${startTime}-alive`));
	await fetchOnce(cache, parcel, build);
	t.same(readdirSync(cache.folder), [`.building-${pid}-${startTime}-alive`, "thing-1.0"]);
});

t.test("a program that fails is told with its last words", async (t) => {
	const run = { env: process.env, signal: new AbortController().signal, limitMs: 5_000 };
	const failure = /sh -c .*ended with 3: one \| two$/;
	await t.rejects(runTool("sh", ["-c", "echo one; echo two >&2; exit 3"], run), failure);
	await t.rejects(runTool("no-such-program", [], run), /no-such-program.*ENOENT/);
	t.equal(await runTool("echo", ["fine"], run), "fine\n");
});

t.test("a program that is not wanted any more ends with its children", async (t) => {
	const stop = new AbortController();
	const run = { env: process.env, signal: stop.signal, limitMs: 5_000 };
	const file = join(t.testdir(), "pid");
	const running = runTool("sh", ["-c", `sleep 60 & echo $! > ${file}; wait`], run);
	running.catch(() => {});
	while (!existsSync(file) || readFileSync(file, "utf8") === "") await new Promise(setImmediate);
	stop.abort(new Error("closing"));
	await t.rejects(running, /closing/);
	t.equal(identify(Number(readFileSync(file, "utf8"))), null);
	await t.rejects(runTool("echo", [], { ...run, limitMs: 5_000 }), /closing/, "nor is one started");
});

t.test("a program over its limit is ended", async (t) => {
	const run = { env: process.env, signal: new AbortController().signal, limitMs: 50 };
	await t.rejects(runTool("sleep", ["60"], run), /timeout/);
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
