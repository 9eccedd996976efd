import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { entryUrl } from "../../../base/entry.ts";
import { until } from "../../live/daemon.ts";
import { untapped } from "../../untapped.ts";

const agent = entryUrl("../../../chaos/subject/agent.ts", import.meta.url).href;

function withAgent(folder: string, ...args: string[]) {
	const command = [process.execPath, "--no-warnings", "--import", agent, ...args];
	return spawnSync(...untapped("env", `FLT_CONTROLS=${folder}`, ...command), { encoding: "utf8" });
}

t.test("a subject with the agent in it ends when it has nothing more to do", async (t) => {
	t.match(withAgent(t.testdir(), "-e", "setTimeout(() => console.log('done'), 50)"), {
		status: 0,
		stdout: "done\n",
		stderr: "",
	});
});

t.test("it is the main module of its own program, also where that is an old one", async (t) => {
	const folder = t.testdir();
	const file = join(folder, "main.cjs");
	writeFileSync(file, "console.log(require.main === module, process.argv.length)");
	t.equal(withAgent(folder, file).stdout, "true 2\n");
});

t.test(
	"an order to another process or in no known words blocks nobody, nor does a folder that is gone",
	async (t) => {
		const order = JSON.stringify({ pid: 1, busyMs: null, gapMs: 0, untilMs: Number.MAX_VALUE });
		const tick = "setTimeout(() => console.log('ticked'), 100)";
		const folder = t.testdir({ "block-another.json": order, "block-odd.json": "?" });
		t.match(withAgent(folder, "-e", tick), { status: 0, stdout: "ticked\n", stderr: "" });
		t.match(withAgent(join(folder, "gone"), "-e", tick), { status: 0, stderr: "" });
	},
);

t.test("an order whose time is over blocks nobody", async (t) => {
	const folder = t.testdir();
	const program = `
		const order = { pid: process.pid, busyMs: null, gapMs: 0, untilMs: 0 };
		require("node:fs").writeFileSync(${JSON.stringify(join(folder, "block-late.json"))}, JSON.stringify(order));
		setTimeout(() => console.log("ticked"), 100);`;
	t.match(withAgent(folder, "-e", program), { status: 0, stdout: "ticked\n", stderr: "" });
});

t.test("what a subject has compiled is kept, though a signal ends it", async (t) => {
	const cache = join(t.testdir(), "cache");
	const program = join(t.testdir({ "main.ts": "setInterval(() => {}, 1_000);" }), "main.ts");
	const command = [process.execPath, "--no-warnings", "--import", agent, program];
	const given = [`FLT_CONTROLS=${t.testdirName}`, `NODE_COMPILE_CACHE=${cache}`];
	const [file, args] = untapped("env", ...given, ...command);
	const child = spawn(file, args, { stdio: "ignore" });
	const ended = once(child, "exit");
	await until(() => existsSync(cache) && globSync(`${cache}/*/*`).length > 0);
	child.kill("SIGKILL");
	await ended;
});
