import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { enableCompileCache, flushCompileCache } from "node:module";
import { join } from "node:path";
import { earlyCache } from "../base/cache-folder.ts";
import { scanFolder } from "../base/catalog.ts";
import { runningExtension } from "../base/entry.ts";
import { newestSource } from "../base/own-sources.ts";

/** A young generation of 16 MB per space, Node's default, would stay resident in a daemon that mostly waits. */
const flags = ["--max-semi-space-size=2", "--expose-gc"];
/** glibc keeps an arena per thread and gives little back; read once at the start of a process. */
const malloc = {
	MALLOC_ARENA_MAX: "2",
	MALLOC_TRIM_THRESHOLD_: "131072",
	MALLOC_MMAP_THRESHOLD_: "65536",
};
/** Tells the turns apart, and is taken away in the last: no child gets it. */
const mark = "FAULTLINE_LEAN";

/**
 * Makes this process a lean one: it runs its own command again, with the same pid (`execve`), from a cache of stripped
 * sources. Without it Node loads a compiler into the daemon for good: 116 MB resident after its imports instead of
 * 88 MB. Where the cache is stale, a turn between fills it, this file included. Returns when there is nothing to do.
 */
export async function becomeLean(): Promise<void> {
	const turn = process.env[mark];
	if (turn === "lean") {
		for (const name of [mark, ...Object.keys(malloc)]) delete process.env[name];
		return;
	}
	if (runningExtension !== ".ts" || typeof process.execve !== "function") return;
	const folder = compileCache();
	const stamp = join(folder, "sources");
	try {
		const sources = newestSource();
		if (turn === "fill") {
			await importAll();
			flushCompileCache();
			writeFileSync(stamp, sources);
		} else if (readOrNull(stamp) !== sources) {
			mkdirSync(folder, { recursive: true });
			again(folder, "fill");
		}
	} catch {
		return; // a cache that can't be written is no reason not to start
	}
	again(folder, "lean");
}

function again(folder: string, turn: "fill" | "lean"): void {
	process.execve?.(process.execPath, [process.execPath, ...flags, ...process.argv.slice(1)], {
		...process.env,
		...malloc,
		NODE_COMPILE_CACHE: folder,
		[mark]: turn,
	});
}

/** Everything that the daemon's own process will ever import, the scanned folders too. */
async function importAll(): Promise<void> {
	const flat = ["../chaos/probes/", "./stack/services/", "./modes/", "./cli/commands/"];
	const scanned = [
		scanFolder(new URL("../chaos/kinds/", import.meta.url), "folders in it"),
		...flat.map((folder) => scanFolder(new URL(folder, import.meta.url))),
	];
	const files = scanned.flatMap((found) => [...found.values()]);
	const entries = ["./cli/cli.ts", "./daemon.ts"].map((file) => new URL(file, import.meta.url));
	await Promise.all([...entries, ...files].map((url) => import(url.href)));
}

/** Keeps what this process and its threads compile, and takes it from there: for a command that must start quickly. */
export function startQuickly(): void {
	const folder = compileCache();
	enableCompileCache(folder);
	process.env.NODE_COMPILE_CACHE ??= folder;
}

function compileCache(): string {
	return join(earlyCache(), "compile");
}

function readOrNull(file: string): string | null {
	try {
		return readFileSync(file, "utf8");
	} catch {
		return null;
	}
}
