import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

// `npm run test:mutation`: changes what verdicts rest on, a token at a time, and asks whether a test fails. Its tool is
// installed when it is first run: nobody else wants it. It takes an hour on two cores, and goes on where it was ended.
// `-- --mutate daemon/judgement/verdict.ts` looks at one file.

const folder = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
const stryker = `${folder}node_modules/@stryker-mutator/core/bin/stryker.js`;
if (!existsSync(stryker)) {
	const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--prefix", folder], {
		stdio: "inherit",
	});
	if (status !== 0) process.exit(status ?? 1);
}
const { status } = spawnSync(
	process.execPath,
	[stryker, "run", `${folder}stryker.config.json`, ...process.argv.slice(2)],
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
process.exit(status ?? 1);
