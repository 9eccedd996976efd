import type { ChildProcess } from "node:child_process";
import net from "node:net";
import { pause } from "../../base/clock.ts";
import { FaultlineError, messageOf } from "../../base/errors.ts";
import type { Ready } from "../../scenarios/contract/subject.ts";

export const readyLimitMs = 15_000;
const lookEveryMs = 10;

export interface Starting {
	name: string;
	child: ChildProcess;
	/** The port that it was told by `FLT_PORT`. */
	port: number;
	/** How long it is waited for. */
	limitMs: number;
	/** All that it has said since it was started, on either output. */
	said(): string;
	/** The end of what it has said so far; null where it said nothing. */
	lastWords(): string | null;
}

/**
 * Waits until a subject is ready, and says on which port: null where it listens on none. One that ends before, can't be
 * started or takes longer than its limit is refused with what ready would have been and the last that it said.
 */
export function readyPort(ready: Ready, starting: Starting): Promise<number | null> {
	const { name, child, limitMs, lastWords } = starting;
	return new Promise((resolve, reject) => {
		const over = new AbortController();
		const fail = (what: string) => {
			settle();
			child.kill("SIGKILL");
			const words = lastWords();
			reject(
				new FaultlineError(
					"FLT_PLAN_INVALID",
					`subject "${name}" ${what}${words === null ? "" : `; the last it said: ${words}`}`,
					`${wanted(ready)}; all that it said is in subjects/${name}.log in the run's folder`,
				),
			);
		};
		const done = (port: number | null) => {
			settle();
			resolve(port);
		};
		const onExit = (code: number | null, signal: string | null) =>
			fail(`ended with ${signal ?? `code ${code}`} before it was ready`);
		const onError = (error: Error) => fail(`could not be started: ${error.message}`);
		const limit = setTimeout(() => fail(`was not ready within ${limitMs} ms`), limitMs);
		const settle = () => {
			over.abort();
			clearTimeout(limit);
			child.off("exit", onExit).off("error", onError);
		};
		child.once("exit", onExit).once("error", onError);
		if (ready === "started") child.once("spawn", () => done(null));
		seen(ready, starting, over.signal).then(
			(port) => {
				if (port !== undefined) done(port);
			},
			(error: unknown) => fail(`said FLT_READY without a port: ${messageOf(error)}`),
		);
	});
}

/**
 * Looks again and again whether it is ready, and where: null where it listens nowhere, undefined where nobody waits any
 * more, or what ready means is nothing that could be looked for.
 */
async function seen(
	ready: Ready,
	{ port, said }: Starting,
	signal: AbortSignal,
): Promise<number | null | undefined> {
	if (ready === "started") return undefined;
	while (!signal.aborted) {
		const at = await look(ready, port, said, signal);
		if (at !== undefined) return at;
		await pause(lookEveryMs, signal);
	}
	return undefined;
}

/** Where it is ready, as `seen` tells it; undefined where it is not yet. */
async function look(
	ready: Exclude<Ready, "started">,
	port: number,
	said: () => string,
	signal: AbortSignal,
): Promise<number | null | undefined> {
	if (ready === "line") {
		const line = /^FLT_READY (.*)\n/m.exec(said());
		return line === null ? undefined : (JSON.parse(line[1]!) as { port: number }).port;
	}
	if (ready === "port") return (await takesConnection(port)) ? port : undefined;
	if ("http" in ready) return (await answersHttp(port, ready.http, signal)) ? port : undefined;
	return said().includes(ready.log) ? null : undefined;
}

function takesConnection(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = net.connect({ port, host: "127.0.0.1" });
		const end = (does: boolean) => {
			socket.destroy();
			resolve(does);
		};
		socket.once("connect", () => end(true)).once("error", () => end(false));
	});
}

async function answersHttp(port: number, path: string, signal: AbortSignal): Promise<boolean> {
	try {
		const { ok } = await fetch(new URL(path, `http://127.0.0.1:${port}`), { signal });
		return ok;
	} catch {
		return false;
	}
}

function wanted(ready: Ready): string {
	if (ready === "line") return 'it must print the line FLT_READY {"port":…}';
	if (ready === "port") return "it must listen on the port of FLT_PORT";
	if (ready === "started") return "it must run";
	return "http" in ready
		? `${ready.http} must answer with 2xx on the port of FLT_PORT`
		: `its output must have "${ready.log}"`;
}
