import { execFileSync } from "node:child_process";
import { appendFileSync, copyFileSync, globSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { leadToCompiled } from "./manifest.ts";

// `prepack`: compiles into dist/, because Node refuses to strip types under node_modules.

const root = fileURLToPath(new URL("../../", import.meta.url));
process.chdir(root);
rmSync("dist", { recursive: true, force: true });
execFileSync("node_modules/.bin/tsc", ["-p", "tsconfig.build.json"], { stdio: "inherit" });

// Drivers, arrivals and fault kinds add their types by declaration merging, in files that nothing imports: a user's
// compiler must be led to them.
const index = "dist/scenarios/index.d.ts";
const merged = globSync("dist/{load/drivers,load/arrivals,chaos/kinds/*}/*.d.ts").sort();
for (const file of merged)
	appendFileSync(
		index,
		`import "${relative("dist/scenarios", file).replace(/\.d\.ts$/, ".js")}";\n`,
	);

// As `prepare` made it.
for (const file of globSync("base/one-file/*")) {
	mkdirSync(dirname(join("dist", file)), { recursive: true });
	copyFileSync(file, join("dist", file));
}

// What scenarios and tools read or run that is no TypeScript, and what can be used without them.
for (const file of globSync(["scenarios/*/**/*.*", "daemon/tools/**/*.*"])) {
	if (file.endsWith(".ts")) continue;
	mkdirSync(dirname(join("dist", file)), { recursive: true });
	copyFileSync(file, join("dist", file));
}

// Last: until here the compiler finds the sources by these names.
leadToCompiled();
