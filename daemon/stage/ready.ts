import type { ChildProcess } from "node:child_process";
import net from "node:net";
import { pause } from "../../base/clock.ts";
import { FaultlineError, messageOf } from "../../base/errors.ts";
import type { Ready } from "../../scenarios/contract/subject.ts";

const readyLimitMs = 15_000;
const lookEveryMs = 20;

export interface Starting {
	name: string;
	child: ChildProcess;
	/** The port that it was told by `FLT_PORT`. */
	port: number;
	/** The end of what it has said so far; null where it said nothing. */
	lastWords(): string | null;
}

/**
 * Waits until a subject is ready, and says on which port: null where it listens on none. One that ends before, can't be
 * started or takes longer than 15 s is refused with what ready would have been and the last that it said.
 */
export function readyPort(ready: Ready, starting: Starting): Promise<number | null> {
	const { name, child, lastWords } = starting;
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
		const limit = setTimeout(() => fail(`was not ready within ${readyLimitMs} ms`), readyLimitMs);
		let output = "";
		const onData = (text: Buffer) => {
			output += text.toString();
			try {
				const port = portSaid(ready, output);
				if (port !== undefined) done(port);
			} catch (error) {
				fail(`said FLT_READY without a port: ${messageOf(error)}`);
			}
		};
		const settle = () => {
			over.abort();
			clearTimeout(limit);
			child.stdout?.off("data", onData).resume();
			child.off("exit", onExit).off("error", onError);
		};
		child.stdout?.on("data", onData);
		child.once("exit", onExit).once("error", onError);
		if (ready === "started") child.once("spawn", () => done(null));
		void answers(ready, starting.port, over.signal).then((does) => {
			if (does) done(starting.port);
		});
	});
}

/** The port that its output says, null where what it says is that it has none; undefined where it does not say it yet. */
function portSaid(ready: Ready, output: string): number | null | undefined {
	if (ready === "line") {
		const said = /^FLT_READY (.*)$/m.exec(output);
		return said === null ? undefined : (JSON.parse(said[1]!) as { port: number }).port;
	}
	if (typeof ready === "object" && "log" in ready)
		return output.includes(ready.log) ? null : undefined;
	return undefined;
}

/** Asks again and again whether it answers, where that is what ready means; false where it is given up. */
async function answers(ready: Ready, port: number, signal: AbortSignal): Promise<boolean> {
	const asks =
		ready === "port"
			? () => takesConnection(port)
			: typeof ready === "object" && "http" in ready
				? () => answersHttp(port, ready.http, signal)
				: null;
	while (asks !== null && !signal.aborted) {
		if (await asks()) return true;
		await pause(lookEveryMs, signal);
	}
	return false;
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
	if (ready === "line") return 'it must print FLT_READY {"port":…} on its standard output';
	if (ready === "port") return "it must listen on the port of FLT_PORT";
	if (ready === "started") return "it must run";
	return "http" in ready
		? `${ready.http} must answer with 2xx on the port of FLT_PORT`
		: `its output must have "${ready.log}"`;
}
