import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Test } from "tap";

const system = ["mkdir", "touch", "rm", "cp", "dirname", "sh"];
let folders = 0;

/** A PATH with these shell scripts, and what they need of the system, alone. */
export function programs(t: Test, scripts: Readonly<Record<string, string>>): string {
	// Of each set another: who looks for a program by its path may remember what it is.
	const folder = join(t.testdirName, `bin-${process.pid}-${folders++}`);
	mkdirSync(folder, { recursive: true });
	t.teardown(() => rmSync(t.testdirName, { recursive: true, force: true }));
	for (const name of system) {
		const file = join(folder, name);
		rmSync(file, { force: true });
		symlinkSync(`/usr/bin/${name}`, file);
	}
	for (const [name, script] of Object.entries(scripts)) {
		rmSync(join(folder, name), { force: true });
		writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
	}
	return folder;
}
