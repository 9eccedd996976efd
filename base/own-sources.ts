import { globSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runningExtension } from "./entry.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Tells whether any of our own sources has changed since something was made of them: a text that is another then. */
export function newestSource(): string {
	const rooms = "{base,toxiproxy,load,chaos,scenarios,daemon}";
	const files = globSync(`${rooms}/**/*${runningExtension}`, { cwd: root });
	const newestMs = Math.max(...files.map((file) => statSync(join(root, file)).mtimeMs));
	return `${root} ${process.version} ${files.length} ${newestMs}`;
}

/** The folder of what was made of sources and can be made again. It may not be there. */
export function madeFolder(): string {
	const ofUser = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "faultline");
	return process.env.FAULTLINE_CACHE ?? ofUser;
}
