import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { machineText } from "../../load/bench/machine.ts";
import { type Report, tableOf } from "./table.ts";

// `npm run test:mutation`: changes what verdicts rest on, a token at a time, and asks whether a test fails. Its tool is
// installed when it is first run: nobody else wants it. It takes an hour on two cores, and goes on where it was ended.
// `-- --mutate daemon/judgement/verdict.ts` looks at one file, `-- --write` keeps what it found of all in
// load/bench/MUTATION.md.

const folder = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
const stryker = `${folder}node_modules/@stryker-mutator/core/bin/stryker.js`;
if (!existsSync(stryker)) {
	const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--prefix", folder], {
		stdio: "inherit",
	});
	if (status !== 0) process.exit(status ?? 1);
}
const given = process.argv.slice(2);
const found = `${root}.stryker-tmp/mutation.json`;
// What an earlier run found must not pass for what this one did.
rmSync(found, { force: true });
const { status } = spawnSync(
	process.execPath,
	[stryker, "run", `${folder}stryker.config.json`, ...given.filter((one) => one !== "--write")],
	{
		cwd: root,
		stdio: "inherit",
		env: {
			...process.env,
			// Its runner asks for `node`: the one that runs this, which knows types.
			PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
			// It starts Node ten thousand times: a quarter of that is types that are taken out again.
			NODE_COMPILE_CACHE: `${folder}node_modules/.compile-cache`,
		},
	},
);
if (given.includes("--write") && existsSync(found)) write();
process.exit(status ?? 1);

function write(): void {
	const report = JSON.parse(readFileSync(found, "utf8")) as Report;
	const commit = spawnSync("git", ["-C", root, "rev-parse", "--short", "HEAD"])
		.stdout.toString()
		.trim();
	const day = new Date().toISOString().slice(0, 10);
	const head = `# What tests notice of what verdicts rest on\n\nMade by \`npm run test:mutation -- --write\`. Machine: ${machineText()}. ${day}, commit ${commit}. Each change is of one token or block; a test has to fail.`;
	writeFileSync(`${root}load/bench/MUTATION.md`, `${head}\n\n${tableOf(report)}`);
}
