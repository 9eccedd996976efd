import { spawn } from "node:child_process";
import type { JsonObject } from "../../base/json.ts";
import { type Served, serve } from "./serve.ts";
import { numberVariable, variable } from "./variables.ts";

// Runs one program of a scenario again and again: `POST /run` starts it with these arguments more, and answers when it has
// ended. It is in the tree of this process, so that whatever breaks this breaks it too, and in a group of its own, so that
// it can be ended whole. Who leaves before the answer ends it.

interface Order {
	args?: string[];
	env?: Record<string, string>;
	stdin?: string;
}

const command = JSON.parse(variable("FLT_JOB_COMMAND")) as string[];
const cwd = variable("FLT_JOB_CWD", process.cwd());
const limitMs = numberVariable("FLT_JOB_LIMIT_MS", 0);
/** Of its output, in bytes, the last: what says why a program ended stands at the end. */
const outputBytesMax = 262_144;

function run({ args = [], env = {}, stdin }: Order, gone: AbortSignal) {
	const fromMs = performance.now();
	const [program, ...first] = command;
	const child = spawn(program!, [...first, ...args], {
		cwd,
		env: { ...process.env, ...env },
		detached: true,
		stdio: [stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
	});
	child.stdin?.on("error", () => {}); // it may end before it has read all
	child.stdin?.end(stdin);
	let chunks: Buffer[] = [];
	let bytes = 0;
	const keep = (chunk: Buffer) => {
		process.stderr.write(chunk);
		chunks.push(chunk);
		bytes += chunk.length;
		if (bytes <= 2 * outputBytesMax) return;
		chunks = [Buffer.concat(chunks).subarray(-outputBytesMax)];
		bytes = outputBytesMax;
	};
	child.stdout!.on("data", keep);
	child.stderr!.on("data", keep);
	const end = () => {
		try {
			if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
		} catch {} // it has ended by itself
	};
	let limitReached = false;
	const limit =
		limitMs > 0
			? setTimeout(() => {
					limitReached = true;
					end();
				}, limitMs)
			: undefined;
	gone.addEventListener("abort", end);
	return new Promise<Served>((resolve) => {
		const settle = (status: number, body: JsonObject) => {
			clearTimeout(limit);
			gone.removeEventListener("abort", end);
			const output = Buffer.concat(chunks).subarray(-outputBytesMax).toString();
			resolve({
				status,
				body: { ...body, output, tookMs: performance.now() - fromMs, limitReached },
			});
		};
		child.once("error", (error) =>
			settle(422, { error: `${program} can't be started: ${error.message}` }),
		);
		child.once("close", (exitCode, signal) => settle(200, { exitCode, signal }));
	});
}

await serve({
	"POST /run": async ({ json, gone }) => run(await json<Order>(), gone),
	"*": () => ({ command, cwd }),
});
