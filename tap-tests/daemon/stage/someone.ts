import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Test } from "tap";
import { identify, killTree, type ProcessIdentity } from "../../../base/process.ts";
import { untapped } from "../../untapped.ts";

/** Says its port, and answers with its pid. */
const server = `
	const http = require("node:http");
	http.createServer((_, response) => response.end(String(process.pid)))
		.listen(Number(process.argv[1]), "127.0.0.1", function () { console.log(this.address().port); });`;

/** A service of somebody's own: no daemon knows its process, and it carries no mark. */
export interface Someone {
	port: number;
	url: string;
	process: ProcessIdentity;
	child: ChildProcess;
	stop(): Promise<void>;
}

/** Starts one; `port` 0 takes a free one. It ends with the test. */
export async function someone(t: Test, port = 0): Promise<Someone> {
	const one = await start(port);
	t.teardown(one.stop);
	return one;
}

/** One that a supervisor of the test starts again on its port whenever it ends; how often it has been started. */
export async function supervised(t: Test): Promise<Someone & { starts(): number }> {
	const first = await start(0);
	let current = Promise.resolve(first);
	let starts = 1;
	let isOver = false;
	const watch = (one: Someone) =>
		one.child.once("exit", () => {
			if (isOver) return;
			starts += 1;
			current = start(first.port);
			current.then(watch);
		});
	watch(first);
	t.teardown(async () => {
		isOver = true;
		await (await current).stop();
	});
	return { ...first, starts: () => starts };
}

async function start(port: number): Promise<Someone> {
	const { FAULTLINE_INSTANCE: _, ...env } = process.env;
	const child = spawn(...untapped("setsid", process.execPath, "-e", server, String(port)), {
		stdio: ["ignore", "pipe", "inherit"],
		env,
	});
	const [line] = (await once(createInterface(child.stdout!), "line")) as [string];
	const identity = identify(child.pid!)!;
	return {
		port: Number(line),
		url: `http://127.0.0.1:${line}`,
		process: identity,
		child,
		stop: () => killTree(identity, { graceMs: 0 }),
	};
}
