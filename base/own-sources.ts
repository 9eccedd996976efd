import { globSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runningExtension } from "./entry.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Tells whether any of our own sources has changed since something was made of them: a text that is another then. */
export function newestSource(): string {
	const rooms = "{base,toxiproxy,load,chaos,scenarios,daemon}";
	const ours = globSync(`${rooms}/**/*${runningExtension}`, { cwd: root });
	const files = [...ours, ...globSync("package*.json", { cwd: root })];
	const found = files.map((file) => statSync(join(root, file)));
	const newestMs = Math.max(...found.map(({ mtimeMs }) => mtimeMs));
	// Some installers give all files one time: then an upgrade is told by its size.
	const bytes = found.reduce((sum, { size }) => sum + size, 0);
	return `${root} ${process.version} ${files.length} ${bytes} ${newestMs}`;
}
