import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
	accessSync,
	constants,
	existsSync,
	mkdirSync,
	readdirSync,
	renameSync,
	rmSync,
	statSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { codeOf, FaultlineError, messageOf } from "../../base/errors.ts";
import { identify, identifySelf, isAlive, killTree } from "../../base/process.ts";
import type { Say } from "./component.ts";

/** The folder of fetched components, shared by all homes and daemons of a user. */
export interface Cache {
	folder: string;
	progress: Say;
	/** Environment in which programs are looked for and run, with the home's mark. */
	env: Readonly<Record<string, string | undefined>>;
	/** Ends a fetch; nothing half-done stays behind. */
	signal: AbortSignal;
}

/** What is told before a fetch: it takes a while and uses the network. */
export interface Parcel {
	/** Name of the folder in the cache, with the version. */
	name: string;
	what: string;
	why: string;
	from: string;
	sizeMb: number;
	typicalSeconds: number;
}

/** Where the parcel is in the cache, or null when it has not been fetched. */
export function cached(cache: Cache, parcel: Parcel): string | null {
	const folder = join(cache.folder, parcel.name);
	return existsSync(folder) ? folder : null;
}

/**
 * The parcel's folder in the cache, built by `build` in a temporary folder when it is not there. It appears as a
 * whole or not at all; of several processes that build it at once the first one's is used by all.
 */
export async function fetchOnce(
	cache: Cache,
	parcel: Parcel,
	build: (folder: string) => Promise<void>,
): Promise<string> {
	const folder = join(cache.folder, parcel.name);
	if (existsSync(folder)) return folder;
	mkdirSync(cache.folder, { recursive: true });
	sweep(cache.folder);
	const { what, why, from, sizeMb, typicalSeconds } = parcel;
	cache.progress(
		`fetching ${what} (${why}) from ${from}: about ${sizeMb} MB and ${typicalSeconds} s, once, into ${folder}`,
	);
	const began = performance.now();
	const { pid, startTime } = identifySelf();
	const draft = join(
		cache.folder,
		`.building-${pid}-${startTime}-${randomBytes(3).toString("hex")}`,
	);
	try {
		mkdirSync(draft);
		await build(draft);
		settle(draft, folder);
	} finally {
		rmSync(draft, { recursive: true, force: true });
	}
	cache.progress(`fetched ${what} in ${((performance.now() - began) / 1000).toFixed(1)} s`);
	return folder;
}

function settle(draft: string, folder: string): void {
	try {
		renameSync(draft, folder);
	} catch (error) {
		// A folder is never renamed onto a full one: another process was quicker, and built the same.
		if (!existsSync(folder)) throw error;
	}
}

/** Removes what killed processes left half-built. */
function sweep(folder: string): void {
	const { bootId } = identifySelf();
	for (const name of readdirSync(folder)) {
		const match = /^\.building-(\d+)-(\d+)-/.exec(name);
		if (match === null) continue;
		const builder = { pid: Number(match[1]), startTime: Number(match[2]), bootId };
		if (!isAlive(builder)) rmSync(join(folder, name), { recursive: true, force: true });
	}
}

/** The program's full path, or null when no folder of PATH has it. */
export function onPath(env: Cache["env"], program: string): string | null {
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

export interface ToolRun {
	cwd?: string;
	env: Readonly<Record<string, string | undefined>>;
	signal: AbortSignal;
	limitMs: number;
	/** What it reads from its standard input; nothing where this is left out. */
	input?: string;
	user?: { uid: number; gid: number } | null;
}

/** Runs a program to its end and returns what it printed; throws with the end of that when it fails. */
export async function runTool(
	file: string,
	args: readonly string[],
	{ cwd, env, signal, limitMs, input, user }: ToolRun,
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
	const end = () => root && killTree(root, { graceMs: 0 }).catch(() => {});
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
	}
}

export function lastLines(text: string, count: number): string {
	const lines = text.split("\n").map((line) => line.trim());
	return lines
		.filter((line) => line !== "")
		.slice(-count)
		.join(" | ");
}

/** The error for a component that can't be had: what was tried, and how to get it. */
export function missing(tried: string, fix: string, cause?: unknown): FaultlineError {
	if (codeOf(cause) === "FLT_COMPONENT_MISSING") return cause as FaultlineError;
	const reason = cause === undefined ? "" : `: ${messageOf(cause)}`;
	return new FaultlineError("FLT_COMPONENT_MISSING", tried + reason, fix, cause);
}
