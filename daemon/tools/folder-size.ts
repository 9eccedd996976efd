import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** The bytes of all files below a folder; of one that is just being changed what is seen of it, 0 where there is none. */
export function bytesIn(folder: string): number {
	try {
		const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
		const files = entries.filter((entry) => entry.isFile());
		return files.reduce((sum, { parentPath, name }) => sum + bytesOf(join(parentPath, name)), 0);
	} catch {
		return 0;
	}
}

function bytesOf(file: string): number {
	return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
