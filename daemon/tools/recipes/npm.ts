import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { digestOf } from "../digest.ts";
import { onPath, runProgram } from "../program.ts";
import type { Recipe } from "../tool.ts";

export interface NpmOptions {
	/** A folder with the `package.json` and `package-lock.json` of packages that nobody else wants. */
	packages: URL;
	sizeMb: number;
	typicalSeconds: number;
}

const files = ["package.json", "package-lock.json"];

/** Packages of npm that one experiment wants, with a lock of their own; no install script runs. */
export function npmTool({ packages, sizeMb, typicalSeconds }: NpmOptions): Recipe {
	const fileOf = (name: string) => fileURLToPath(new URL(name, packages));
	return {
		from: "npm",
		sizeMb,
		typicalSeconds,
		digest: digestOf(...files.map((name) => readFileSync(fileOf(name), "utf8"))),
		bin: "node_modules/.bin",
		lacks: (env) =>
			onPath(env, "npm") === null
				? { tried: "npm on the PATH", fix: "install Node with npm (https://nodejs.org)" }
				: null,
		async build({ env, signal }, draft, downloads) {
			for (const name of files) copyFileSync(fileOf(name), join(draft, name));
			const quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"];
			await runProgram("npm", ["ci", ...quietly, "--cache", downloads, "--prefer-offline"], {
				cwd: draft,
				env,
				signal,
				limitMs: 900_000,
			});
		},
	};
}
