import { execFileSync, spawnSync } from "node:child_process";
import {
	chmodSync,
	cpSync,
	existsSync,
	mkdtempSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import { untapped } from "./untapped.ts";

export interface Packed {
	/** Of a user who has installed the package, and nothing else. */
	folder: string;
	faultline(...args: string[]): { status: number | null; stdout: string; stderr: string };
	/** Copies what is named of our fixtures' scenarios. */
	take(...names: string[]): void;
	/** Throws where these files have a type error. */
	checkTypes(...files: string[]): void;
}

/** The package as it would be published, installed in an empty folder. */
export function packed(t: Test): Packed {
	const folder = mkdtempSync(join(tmpdir(), "faultline-pack-"));
	chmodSync(folder, 0o755);
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	const npm = (cwd: string, ...args: string[]) =>
		execFileSync(...untapped("npm", ...args, "--no-audit", "--no-fund", "--loglevel=error"), {
			cwd,
			encoding: "utf8",
		});
	const source = join(folder, "source");
	copySources(source);
	const file = npm(source, "pack", "--pack-destination", folder).trim().split("\n").at(-1)!;
	writeFileSync(
		join(folder, "package.json"),
		JSON.stringify({ name: "user", type: "module", private: true }),
	);
	npm(folder, "install", "--prefer-offline", join(folder, file));
	const cli = join(folder, "node_modules", ".bin", "faultline");
	return {
		folder,
		faultline: (...args) =>
			spawnSync(...untapped(cli, ...args), { cwd: folder, encoding: "utf8", timeout: 120_000 }),
		take(...names) {
			for (const name of names)
				cpSync(new URL(`./fixtures/scenarios/${name}`, import.meta.url), join(folder, name));
		},
		checkTypes(...files) {
			const compilerOptions = {
				strict: true,
				module: "nodenext",
				target: "es2024",
				noEmit: true,
				allowImportingTsExtensions: true,
				types: ["node"],
				typeRoots: [join(process.cwd(), "node_modules", "@types")],
			};
			writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
			execFileSync(...untapped("tsc", "-p", folder), { encoding: "utf8" });
		},
	};
}

/** What is packed changes its own tree meanwhile: so it is a copy, beside which others go on. */
function copySources(to: string): void {
	const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
		encoding: "utf8",
	});
	for (const file of listed.split("\n").filter((name) => name !== "" && existsSync(name)))
		cpSync(file, join(to, file));
	symlinkSync(join(process.cwd(), "node_modules"), join(to, "node_modules"));
}
