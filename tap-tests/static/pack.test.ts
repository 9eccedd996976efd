import { execFileSync, spawnSync } from "node:child_process";
import {
	chmodSync,
	cpSync,
	globSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import type { RunDocument } from "../../daemon/runs/document.ts";
import { isMistake } from "../live/daemon.ts";
import { untapped } from "../untapped.ts";

const npm = (cwd: string, ...args: string[]) =>
	execFileSync(...untapped("npm", ...args, "--no-audit", "--no-fund", "--loglevel=error"), {
		cwd,
		encoding: "utf8",
	});

t.test(
	"the packed package, installed elsewhere, runs a user's own .ts scenario and checks its types",
	(t) => {
		const folder = mkdtempSync(join(tmpdir(), "faultline-pack-"));
		chmodSync(folder, 0o755);
		t.teardown(() => rmSync(folder, { recursive: true, force: true }));
		const packed = npm(process.cwd(), "pack", "--pack-destination", folder)
			.trim()
			.split("\n")
			.at(-1)!;
		writeFileSync(
			join(folder, "package.json"),
			JSON.stringify({ name: "user", type: "module", private: true }),
		);
		npm(folder, "install", "--prefer-offline", join(folder, packed));

		for (const name of ["frozen-subject.scenario.ts", "clocked.ts"]) {
			cpSync(new URL(`../fixtures/scenarios/${name}`, import.meta.url), join(folder, name));
		}
		const cli = join(folder, "node_modules", ".bin", "faultline");
		const faultline = (...args: string[]) =>
			spawnSync(...untapped(cli, ...args), { cwd: folder, encoding: "utf8" }).stdout;
		t.match(faultline("--version"), /^\d+\.\d+\.\d+/);

		const run = JSON.parse(
			faultline("run", "./frozen-subject.scenario.ts", "--json", "-p", "faultMs=1000"),
		) as RunDocument;
		t.match(run, { scenario: "frozen-subject", state: "done" });
		// A generator that was late on a busy machine is no mistake of the package's.
		t.same(run.reasons.filter(isMistake), []);
		t.match(run.faults, [
			{ kind: "freeze", state: "healed" },
			{ kind: "event-loop-block", state: "healed" },
			{ kind: "clock-skew", state: "healed" },
		]);
		t.match(readFileSync(faultline("report", run.runId).trim(), "utf8"), "freeze on");

		const own = join(folder, "node_modules/faultline/dist/scenarios");
		const scenarios = globSync("**/*.scenario.js", { cwd: own });
		t.ok(scenarios.length > 1, "our own scenarios are in the package");
		for (const file of scenarios)
			t.doesNotThrow(
				() => execFileSync(...untapped(process.execPath, join(own, file)), { stdio: "pipe" }),
				`${file} finds all that it reads`,
			);

		writeFileSync(
			join(folder, "tsconfig.json"),
			JSON.stringify({
				compilerOptions: {
					strict: true,
					module: "nodenext",
					target: "es2024",
					noEmit: true,
					allowImportingTsExtensions: true,
					types: ["node"],
					typeRoots: [join(process.cwd(), "node_modules", "@types")],
				},
				files: ["frozen-subject.scenario.ts", "clocked.ts"],
			}),
		);
		t.doesNotThrow(
			() => execFileSync(...untapped("tsc", "-p", folder), { encoding: "utf8" }),
			"a scenario and its subject type-check against the package's declarations",
		);
		t.end();
	},
);
