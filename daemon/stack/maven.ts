import { type Cache, missing, onPath, runTool } from "./fetch.ts";

const plugin = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1";

let queue: Promise<unknown> = Promise.resolve();

/** Maven on the PATH; throws `FLT_COMPONENT_MISSING` with `fix` where there is none. */
export function requireMaven(cache: Cache, fix: string): void {
	if (onPath(cache.env, "mvn") === null) throw missing("mvn was looked for on the PATH", fix);
}

/**
 * Runs one goal of Maven's dependency plugin in `folder`. One after the other within this process: Maven 3 does not
 * guard its local repository against a second Maven, and both would fetch the same plugins.
 */
export function mavenCopy(
	cache: Cache,
	folder: string,
	goal: "copy" | "copy-dependencies",
	options: Readonly<Record<string, string>>,
): Promise<void> {
	const definitions = Object.entries(options).map(([name, value]) => `-D${name}=${value}`);
	const turn = queue.then(async () => {
		await runTool("mvn", ["-q", "-B", `${plugin}:${goal}`, ...definitions], {
			cwd: folder,
			env: { ...cache.env, LC_ALL: "C.UTF-8" }, // in C, Java writes to no folder whose name is not ASCII
			signal: cache.signal,
			limitMs: 600_000,
		});
	});
	queue = turn.catch(() => {});
	return turn;
}
