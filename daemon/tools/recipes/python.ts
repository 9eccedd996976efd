import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Cache, fetchOnce, type Parcel } from "../cache.ts";
import { missing } from "../component.ts";
import { digestOf } from "../digest.ts";
import { onPath, runProgram, type Variables } from "../program.ts";
import type { Recipe } from "../tool.ts";

/** Minor versions of Python 3 that a tool runs on, the oldest and the newest. */
export type Pythons = readonly [from: number, to: number];

export interface PythonOptions {
	/** Every package with version and hashes, as `uv pip compile --universal --generate-hashes` writes them. */
	lock: URL;
	pythons: Pythons;
	/** Those that are published as sources alone: they are built, by what the lock has for that. */
	sources?: readonly string[];
	sizeMb: number;
	typicalSeconds: number;
}

/** Our own uv runs on any of these. */
const uvPythons: Pythons = [8, 14];
const uvLock = new URL("../locks/uv.txt", import.meta.url);
const uvParcel: Parcel = {
	name: "uv-0.13.9",
	what: "uv 0.13.9",
	why: "it makes the environments of Python tools",
	from: "PyPI",
	sizeMb: 40,
	typicalSeconds: 10,
};

const limitMs = 900_000;
const fix = ([from, to]: Pythons) =>
	`install Python 3.${from} to 3.${to} with pip (apt-get install python3 python3-pip python3-venv)`;

/** An environment of its own for each tool: packages of two would be in each other's way. Wheels only but for `sources`. */
export function pythonTool({
	lock,
	pythons,
	sources = [],
	sizeMb,
	typicalSeconds,
}: PythonOptions): Recipe {
	const file = fileURLToPath(lock);
	return {
		from: "PyPI",
		sizeMb,
		typicalSeconds,
		digest: digestOf(readFileSync(file, "utf8"), String(pythons), ...sources),
		bin: "env/bin",
		lacks(env) {
			const tried = `${names(pythons).join(", ")} on the PATH`;
			return pythonOf(env, pythons) === null ? { tried, fix: fix(pythons) } : null;
		},
		async build(cache, draft, downloads) {
			const uv = await findUv(cache);
			const { signal } = cache;
			const python = pythonOf(cache.env, pythons) ?? "python3";
			const env = { ...cache.env, UV_CACHE_DIR: downloads, UV_PYTHON_DOWNLOADS: "never" };
			const run = (...args: string[]) =>
				runProgram(uv, [...args, "--no-progress"], { cwd: draft, env, signal, limitMs });
			// Relocatable: it gets its own place when it is whole.
			await run("venv", "--relocatable", "--python", python, "env");
			await run(
				"pip",
				"install",
				"--python",
				join(draft, "env", "bin", "python"),
				"--require-hashes",
				"--only-binary",
				":all:",
				...sources.flatMap((name) => ["--no-binary", name, "--build-constraints", file]),
				"--compile-bytecode",
				"--requirements",
				file,
			);
		},
	};
}

/** uv on the PATH, or our own, by pip. */
async function findUv(cache: Cache): Promise<string> {
	const installed = onPath(cache.env, "uv");
	if (installed !== null) return installed;
	const python = pythonOf(cache.env, uvPythons) ?? "python3";
	const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
	const safely = ["--require-hashes", "--only-binary", ":all:"];
	const wanted = ["--requirement", fileURLToPath(uvLock)];
	try {
		const folder = await fetchOnce(cache, uvParcel, async (draft, downloads) => {
			const { env, signal } = cache;
			const places = ["--cache-dir", downloads, "--target", draft];
			const args = [...install, ...safely, ...places, ...wanted];
			await runProgram(python, args, { cwd: draft, env, signal, limitMs });
		});
		return join(folder, "bin", "uv");
	} catch (error) {
		cache.signal.throwIfAborted();
		throw missing(
			`uv is not on the PATH, and ${python} -m pip was asked for it`,
			fix(uvPythons),
			error,
		);
	}
}

function names([from, to]: Pythons): string[] {
	const versions = Array.from({ length: to - from + 1 }, (_, i) => `python3.${from + i}`);
	return [...versions, "python3"];
}

/** The first on the PATH that is of one of these versions: those with the version in their name, the oldest first. */
function pythonOf(env: Variables, pythons: Pythons): string | null {
	const [from, to] = pythons;
	for (const name of names(pythons)) {
		const path = onPath(env, name);
		const minor = path === null ? null : minorOf(path, env);
		if (minor !== null && minor >= from && minor <= to) return path;
	}
	return null;
}

/** Path → the minor version of its Python 3, or null where it does not run: asked once, for that takes a while. */
const minors = new Map<string, number | null>();

function minorOf(path: string, env: Variables): number | null {
	const known = minors.get(path);
	if (known !== undefined) return known;
	const { stdout } = spawnSync(path, ["-c", "import sys; print(*sys.version_info[:2])"], {
		env: { ...env },
		encoding: "utf8",
		timeout: 10_000,
	});
	const found = /^3 (\d+)$/.exec(stdout?.trim() ?? "");
	const minor = found === null ? null : Number(found[1]);
	minors.set(path, minor);
	return minor;
}
