import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import t from "tap";
import type { RunDocument } from "../../daemon/record/document.ts";
import { packed } from "../packed.ts";

/** A target for loads, in a process of its own: the commands are waited for here. */
const server = `require("node:http").createServer((q, r) => r.end("ok")).listen(Number(process.argv[1]), "127.0.0.1")`;

t.test("every command does its work from an installed package, in an empty folder", async (t) => {
	const { folder, faultline, take, checkTypes } = packed(t);
	take("frozen-subject.scenario.ts", "clocked.ts", "forgetful.scenario.ts", "forgetful-store.ts");
	execFileSync("git", ["init", "-q"], { cwd: folder });
	const done = new Set<string>();
	const says = (args: string[], status: number, said: RegExp) => {
		done.add(args[0]!);
		const result = faultline(...args);
		const { stdout, stderr } = result;
		t.equal(result.status, status, `faultline ${args.join(" ")}: ${stdout}${stderr}`);
		t.match(stdout + stderr, said, args.join(" "));
		t.notMatch(stdout + stderr, /\n {4}at .*:\d+:\d+/, "no stack");
		return stdout;
	};

	says(["list", "scenarios"], 0, /retry-storm/);
	says(["doctor"], 0, /toxiproxy/);
	const own = ["run", "./frozen-subject.scenario.ts", "-p", "faultMs=500", "--json", "--quiet"];
	const runs = [own, own].map((args) => JSON.parse(says(args, 0, /passed/)) as RunDocument);
	const [first, second] = runs.map(({ runId }) => runId) as [string, string];
	says(["show", first], 0, /frozen-subject/);
	says(["list"], 0, new RegExp(second));
	says(["report", first], 0, /report\.html/);
	says(["compare", first, second], 0, /against run/);
	says(["baseline", "accept", first, "--reason", "it is good"], 0, /commit it/);
	t.match(
		execFileSync("git", ["status", "--short", "--untracked-files=all", "--", "baselines"], {
			cwd: folder,
			encoding: "utf8",
		}),
		"baselines/frozen-subject.json",
		"where git sees it",
	);
	says(["baseline", "list"], 0, /frozen-subject/);
	says(["baseline", "show", "frozen-subject"], 0, new RegExp(first));
	says(["compare", second], 0, /against baseline/);
	says(["recheck", second], 0, /passed then, passed now/);
	says(["faults", "list"], 2, /FLT_NO_DAEMON/);
	says(["heal"], 0, /./);
	says(["stack", "status"], 0, /nothing runs/);
	says(["top"], 2, /needs a terminal/);
	says(["run", "./frozen-subject.scenario.ts", "-p", "faultMz=1"], 2, /^(?!.* is up).*faultMs/);
	says(["run", "./no.scenario.ts"], 2, /no\.scenario\.ts/);

	const free = http.createServer().listen(0, "127.0.0.1");
	await new Promise((resolve) => free.once("listening", resolve));
	const { port } = free.address() as AddressInfo;
	await new Promise((resolve) => free.close(resolve));
	const { spawn } = await import("node:child_process");
	const target = spawn(process.execPath, ["-e", server, String(port)], { stdio: "ignore" });
	t.teardown(() => target.kill());
	const url = `http://127.0.0.1:${port}/`;
	while (!(await fetch(url).catch(() => null))?.ok);
	says(["load", url, "--rate", "50", "--duration", "1s", "--warmup", "0"], 0, /50 ok/);
	says(["duet", "./frozen-subject.scenario.ts", "--help"], 0, /duet/);

	const explore = ["explore", "./forgetful.scenario.ts", "--budget", "10s"];
	const found = says([...explore, "-p", "lostMax=0", "--out", "found.scenario.ts"], 10, /smallest/);
	t.match(readFileSync(join(folder, "found.scenario.ts"), "utf8"), '"kind": "kill"');
	t.notMatch(readFileSync(join(folder, "found.scenario.ts"), "utf8"), '"latency"', "it is minimal");
	const again = /run it with: faultline (.*)$/m.exec(found)![1]!;
	says(again.split(" "), 10, /none-lost.*FAILED/);
	checkTypes("found.scenario.ts", "forgetful.scenario.ts", "frozen-subject.scenario.ts");

	says(["stack", "up", "--services", "redis"], 0, /redis/);
	const pidOf = () =>
		(
			JSON.parse(readFileSync(join(folder, ".faultline/services/redis.json"), "utf8")) as {
				process: { pid: number };
			}
		).process.pid;
	const pid = pidOf();
	says(own, 0, /passed/);
	t.equal(pidOf(), pid, "what stack up has started stays up when a run ends");
	t.doesNotThrow(() => process.kill(pid, 0));
	says(["stack", "down"], 0, /ended .*redis/);

	says(["nightly", "--only", "./frozen-subject.scenario.ts"], 0, /frozen-subject +as expected/);
	says(["start", "--help"], 0, /start/);
	const commands = readdirSync("daemon/cli/commands").map((name) => name.replace(/\.ts$/, ""));
	t.same(
		commands.filter((name) => !done.has(name)),
		[],
		"no command is left out",
	);
});
