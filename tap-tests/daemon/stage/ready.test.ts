import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { freePort, PortClaims } from "../../../daemon/stack/ports.ts";
import { readyLimitMs, readyPort } from "../../../daemon/stage/ready.ts";
import { saidFromNow } from "../../../daemon/stage/subject-log.ts";
import type { Ready } from "../../../scenarios/contract/subject.ts";
import { lastingFolder } from "../../lasting-folder.ts";

/** Waits for a program of Node's that is this text. */
async function started(
	t: Test,
	ready: Ready,
	script: string,
	{ lastWords = null as string | null, limitMs = readyLimitMs } = {},
) {
	const claims = new PortClaims();
	const port = await freePort(claims);
	const log = join(lastingFolder(t), `${port}.log`);
	const fd = openSync(log, "a");
	const said = saidFromNow(log);
	const child = spawn(process.execPath, ["-e", script], {
		env: { PATH: process.env.PATH, FLT_PORT: String(port) },
		stdio: ["ignore", fd, fd],
	});
	closeSync(fd);
	t.teardown(() => {
		claims.releaseAll();
		child.kill("SIGKILL");
	});
	const starting = { name: "it", child, port, limitMs, said, lastWords: () => lastWords };
	const at = await readyPort(ready, starting);
	return { at, port };
}

const stays = "setInterval(() => {}, 1e6);";

t.test("one that is not ready within its limit is given up", async (t) => {
	await t.rejects(started(t, "line", stays, { limitMs: 20 }), {
		code: "FLT_PLAN_INVALID",
		message: /^subject "it" was not ready within 20 ms$/,
	});
});

t.test("a line says where it listens", async (t) => {
	const { at } = await started(t, "line", `console.log('FLT_READY {"port":1234}');${stays}`);
	t.equal(at, 1234);
	await t.rejects(started(t, "line", `console.log("FLT_READY soon");${stays}`), {
		message: /said FLT_READY without a port/,
	});
});

t.test(
	"a port that takes a connection, and a path that answers with 2xx, are the port that it was told",
	async (t) => {
		const late =
			"setTimeout(() => require('net').createServer().listen(process.env.FLT_PORT), 50);";
		const listening = await started(t, "port", late);
		t.equal(listening.at, listening.port);
		const http = `let n = 0; require('http').createServer((q, a) => {
		a.statusCode = q.url === '/health' && ++n > 2 ? 200 : 503; a.end();
	}).listen(process.env.FLT_PORT);`;
		const healthy = await started(t, { http: "/health" }, http);
		t.equal(healthy.at, healthy.port, "and not at the first 503");
	},
);

t.test(
	"a text in its output, or that it runs, says that it is ready and listens nowhere",
	async (t) => {
		const { at } = await started(
			t,
			{ log: "worker up" },
			`console.log("the worker up now");${stays}`,
		);
		t.equal(at, null);
		const logged = `console.error("the worker up now");${stays}`;
		t.equal((await started(t, { log: "worker up" }, logged)).at, null, "where loggers write");
		t.equal((await started(t, "started", stays)).at, null);
	},
);

t.test("one that ends before says how, its last words, and what ready is", async (t) => {
	await t.rejects(started(t, "line", "process.exit(3)", { lastWords: "Error: no database" }), {
		message: /"it" ended with code 3 before it was ready; the last it said: Error: no database/,
		hint: /FLT_READY .*subjects\/it\.log/,
	});
	await t.rejects(started(t, { http: "/up" }, "process.exit(0)"), {
		message: /ended with code 0/,
		hint: /\/up must answer with 2xx on the port of FLT_PORT/,
	});
	await t.rejects(started(t, { log: "up" }, "process.exit(0)"), {
		message: /ended with code 0/,
		hint: /must have "up"/,
	});
});
