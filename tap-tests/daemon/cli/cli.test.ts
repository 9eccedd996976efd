import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import t, { type Test } from "tap";
import { FaultlineError } from "../../../base/errors.ts";
import { reportAndExit } from "../../../daemon/cli/cli.ts";
import { openHome } from "../../../daemon/home/home.ts";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { untapped } from "../../untapped.ts";
import { runDocument } from "../record/run-document.ts";
import { command } from "./command.ts";
import { beDaemon } from "./own-daemon.ts";

/** A home whose daemon answers a start with this run, finished. */
async function homeWithDaemon(t: Test, run: Partial<RunDocument>) {
	const document = runDocument({ state: "done", ...run });
	const asked: string[] = [];
	const server = http.createServer((request, response) => {
		asked.push(`${request.method} ${request.url}`);
		if (request.url?.endsWith("/events")) {
			response.writeHead(200, { "content-type": "text/event-stream" });
			const end = { id: 1, ms: 0, type: "end", state: "done", verdict: run.verdict, reasons: [] };
			response.end(`id: 1\nevent: end\ndata: ${JSON.stringify(end)}\n\n`);
		} else if (request.url === "/runs") {
			const error = { code: "FLT_SCENARIO_UNKNOWN", message: "no scenario file nowhere", hint: "" };
			response.writeHead(404).end(JSON.stringify({ error }));
		} else if (request.url?.endsWith("/start")) {
			response.writeHead(202).end(JSON.stringify({ runId: document.runId, state: "queued" }));
		} else response.end(JSON.stringify(document));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
	const home = openHome(join(t.testdir(), "home"));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	await beDaemon(t, home, url);
	return { home: home.folder, asked, document };
}

t.test("a run's exit code is its verdict; what can't be healed comes before it", async (t) => {
	const heal = { code: "heal_failed", message: "m" } as const;
	const crash = { code: "crashed", message: "m" } as const;
	const rows: [run: Partial<RunDocument>, code: number, why: string][] = [
		[{ verdict: "passed" }, 0, "passed"],
		[{ verdict: "failed" }, 10, "failed"],
		[{ verdict: "failed", expect: "failed", asExpected: true }, 10, "never bent by expectation"],
		[{ verdict: "passed", expect: "failed", asExpected: false }, 10, "its checks saw nothing"],
		[{ verdict: "invalid" }, 12, "invalid"],
		[{ verdict: null }, 12, "no verdict"],
		[{ verdict: "invalid", state: "crashed", reasons: [crash] }, 1, "crashed"],
		[
			{ verdict: "invalid", state: "crashed", reasons: [crash, heal] },
			14,
			"and left something broken",
		],
		[{ verdict: "failed", reasons: [heal] }, 14, "something is still broken"],
	];
	for (const [run, code, why] of rows) {
		const { home, asked, document } = await homeWithDaemon(t, run);
		const result = await command(t, ["run", "echo", "--home", home, "--json"]);
		t.equal(result.code, code, why);
		t.same(JSON.parse(result.out), document, "one document on standard output");
		t.match(result.err, /verdict/);
		t.ok(asked.includes("POST /scenarios/echo/start"));
	}
});

t.test(
	"what is wrong with a command line is said on standard error, and ends with 2",
	async (t) => {
		const { home } = await homeWithDaemon(t, { verdict: "passed" });
		const rows: [argv: string[], said: RegExp, why: string][] = [
			[["rnu"], /unknown command 'rnu'\n\(Did you mean run\?\)/, "no such command"],
			[["run"], /missing required argument 'scenario'/, "nothing to run"],
			[["run", "echo", "--colour"], /unknown option '--colour'/, "no such flag"],
			[["run", "echo", "-p", "seed", "--home", home], /FLT_USAGE: -p is "seed"/, "no value"],
			[
				["run", "./nowhere.scenario.ts", "--home", home],
				/FLT_SCENARIO_UNKNOWN.*nowhere/,
				"no file",
			],
			[["run", "echo", "--port", "many", "--home", home], /FLT_USAGE: --port is "many"/, "no port"],
		];
		for (const [argv, said, why] of rows) {
			const result = await command(t, argv);
			t.equal(result.code, 2, why);
			t.match(result.err, said, why);
			t.equal(result.out, "");
		}
	},
);

t.test("a mistyped parameter is refused before anything is started, or made", async (t) => {
	const home = join(t.testdir(), "home");
	const file = "tap-tests/fixtures/scenarios/hooks.scenario.ts";
	const result = await command(t, ["run", `./${file}`, "-p", "steadyMz=1", "--home", home]);
	t.match(result, { code: 2, out: "", err: /^faultline: FLT_PARAM_INVALID: .*steadyM/ });
	t.notOk(existsSync(home));
});

t.test("a reader that has gone is no mistake, and nothing is said of it", async (t) => {
	const child = spawn(...untapped(process.execPath, "daemon/cli/main.ts", "--help"), {
		stdio: ["ignore", "pipe", "pipe"],
	});
	child.stdout!.destroy();
	const ended = once(child, "exit");
	t.equal(await textOf(child.stderr!), "");
	t.same(await ended, [0, null]);
});

t.test("help and version are no mistakes", async (t) => {
	t.match(await command(t, ["--version"]), { code: 0, out: /^\d+\.\d+\.\d+\n$/ });
	t.match(await command(t, ["--help"]), { code: 0, out: /Usage: faultline/ });
});

t.test(
	"an error leaves by its own exit code, with its hint; a crash by 1, with its stack",
	async (t) => {
		const rows: [error: unknown, code: number, said: RegExp][] = [
			[
				new FaultlineError("FLT_COMPONENT_MISSING", "no redis", "get it"),
				13,
				/: no redis\n {2}get it/,
			],
			[new FaultlineError("FLT_HEAL_FAILED", "stuck", ""), 14, /FLT_HEAL_FAILED: stuck/],
			[new Error("a mistake of ours"), 1, /a mistake of ours\n +at /],
			["text", 1, /faultline: text/],
			[
				new FaultlineError("FLT_NOT_FOUND", "no \x1b[2J", "there is \x1b]0;x"),
				2,
				/^faultline: FLT_NOT_FOUND: no \\u001b\[2J\n {2}there is \\u001b\]0;x$/,
			],
			[
				Object.assign(new Error("ENOSPC: no space \x1b[2J"), { code: "ENOSPC", syscall: "write" }),
				1,
				/^faultline: ENOSPC: no space \\u001b\[2J\n {2}look at the path.* the room on its disk$/,
			],
			["a \x1b[2J", 1, /a \\u001b\[2J$/],
		];
		for (const [error, code, said] of rows) {
			const lines: string[] = [];
			const console_ = t.intercept(console, "error", { value: (line: string) => lines.push(line) });
			const before = process.exitCode;
			reportAndExit(error);
			const given = process.exitCode;
			process.exitCode = before;
			console_.restore();
			t.equal(given, code);
			t.match(lines.join("\n"), said);
		}
	},
);
