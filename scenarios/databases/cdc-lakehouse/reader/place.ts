import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Where tables lie, as anybody may read them. */
export interface Place {
	/** Names of files in a folder, of those that come after this one; none where there is no such folder. */
	names(folder: string, after: string): Promise<string[]>;
	read(path: string): Promise<Buffer>;
}

/** In this folder. */
export function folderPlace(root: string): Place {
	return {
		async names(folder, after) {
			const names = await readdir(join(root, folder)).catch(() => []);
			return names.filter((name) => name > after).sort();
		},
		read: (path) => readFile(join(root, path)),
	};
}
