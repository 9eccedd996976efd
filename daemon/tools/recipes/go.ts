import { renameSync } from "node:fs";
import { basename, join } from "node:path";
import type { Cache } from "../cache.ts";
import { digestOf } from "../digest.ts";
import { onPath, runProgram } from "../program.ts";
import type { Recipe } from "../tool.ts";

export interface GoOptions {
	/** `host/path/cmd/name@version`. */
	module: string;
	/** What the program is called here; Go names it after its folder. */
	program: string;
	sizeMb: number;
	typicalSeconds: number;
}

const fix = "install Go 1.23 or later (https://go.dev/dl)";

/** Compiles a program into the draft; sources and what was compiled stay in Go's own cache, so that a later try goes on. */
export async function goInstall(
	cache: Cache,
	draft: string,
	{ module, program }: Pick<GoOptions, "module" | "program">,
): Promise<void> {
	await runProgram(onPath(cache.env, "go") ?? "go", ["install", module], {
		cwd: draft,
		env: { ...cache.env, GOBIN: draft, GOOS: undefined, GOARCH: undefined },
		signal: cache.signal,
		limitMs: 1_200_000,
	});
	renameSync(join(draft, goNameOf(module)), join(draft, program));
}

/** The last part of the module's path; one that only tells the major version names nothing. */
function goNameOf(module: string): string {
	const path = module.slice(0, module.indexOf("@"));
	const name = basename(path);
	return /^v\d+$/.test(name) ? basename(path.slice(0, -name.length - 1)) : name;
}

/** One program, compiled from a pinned version of its module. */
export function goTool(options: GoOptions): Recipe {
	const { module, sizeMb, typicalSeconds } = options;
	return {
		from: "the Go module proxy",
		sizeMb,
		typicalSeconds,
		digest: digestOf(module),
		bin: ".",
		lacks: (env) => (onPath(env, "go") === null ? { tried: "go on the PATH", fix } : null),
		build: (cache, draft) => goInstall(cache, draft, options),
	};
}
