import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { messageOf } from "../../base/errors.ts";
import { identify, killTree } from "../../base/process.ts";

/** Environment variables as programs get them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The program's full path, or null when no folder of PATH has it. */
export function onPath(env: Variables, program: string): string | null {
	for (const folder of (env.PATH ?? "").split(delimiter)) {
		const file = join(folder, program);
		try {
			accessSync(file, constants.X_OK);
			if (statSync(file).isFile()) return file;
		} catch {
			// not in this one
		}
	}
	return null;
}

export interface ProgramRun {
	cwd?: string;
	env: Variables;
	signal: AbortSignal;
	limitMs: number;
	/** What it reads from its standard input; nothing where this is left out. */
	input?: string;
	user?: { uid: number; gid: number } | null;
}

/** Runs a program to its end and returns what it printed; throws with the end of that when it fails. */
export async function runProgram(
	file: string,
	args: readonly string[],
	{ cwd, env, signal, limitMs, input, user }: ProgramRun,
): Promise<string> {
	signal.throwIfAborted();
	const child = spawn(file, args, {
		...(cwd === undefined ? {} : { cwd }),
		env: { ...env },
		stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
		detached: true, // a Ctrl-C for us must reach it as our abort, with its whole tree
		...(user ?? {}),
	});
	let printed = "";
	child.stdin?.on("error", () => {}); // it may end before it has read all
	child.stdin?.end(input);
	for (const stream of [child.stdout, child.stderr])
		stream?.setEncoding("utf8").on("data", (text: string) => {
			printed = (printed + text).slice(-4_000);
		});
	const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
	const root = child.pid === undefined ? null : identify(child.pid);
	let ending: Promise<void> | null = null;
	const end = () => {
		ending = root && killTree(root, { graceMs: 0 }).catch(() => {});
	};
	limit.addEventListener("abort", end);
	try {
		const code = await new Promise<number | null>((resolve, reject) => {
			child.on("error", reject);
			child.on("close", resolve);
		});
		limit.throwIfAborted();
		if (code !== 0) throw new Error(`it ended with ${code}: ${lastLines(printed, 3)}`);
		return printed;
	} catch (error) {
		throw new Error(`${file} ${args.join(" ")}: ${messageOf(error)}`, { cause: error });
	} finally {
		limit.removeEventListener("abort", end);
		// Its output is closed a moment before the last of its children is gone.
		await ending;
	}
}

export function lastLines(text: string, count: number): string {
	const lines = text.split("\n").map((line) => line.trim());
	return lines
		.filter((line) => line !== "")
		.slice(-count)
		.join(" | ");
}
