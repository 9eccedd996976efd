import { randomUUID } from "node:crypto";
import { link, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Store } from "../store.ts";

/** A folder for each table in this one; with `sync` what is written is on the disk. */
export function filesStore(root: string, { sync }: { sync: boolean }): Store {
	const writeNew = async (path: string, bytes: Uint8Array) => {
		const handle = await open(path, "wx");
		try {
			await handle.writeFile(bytes);
			if (sync) await handle.sync();
		} finally {
			await handle.close();
		}
	};
	return {
		async table(name) {
			const at = (path: string) => join(root, name, path);
			await mkdir(at("_delta_log"), { recursive: true });
			return {
				async list(folder, after = "") {
					return (await readdir(at(folder))).filter((name) => name > after);
				},
				read: (path) => readFile(at(path)),
				readIfThere: (path) =>
					readFile(at(path)).catch((error: NodeJS.ErrnoException) => {
						if (error.code === "ENOENT") return null;
						throw error;
					}),
				write: (path, bytes) => writeNew(at(path), bytes),
				// A hard link to a file that is complete fails where the name is taken.
				async writeIfAbsent(path, bytes) {
					const draft = at(`_delta_log/.${randomUUID()}.tmp`);
					try {
						await writeNew(draft, bytes);
						await link(draft, at(path));
						return true;
					} catch (error) {
						if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
						throw error;
					} finally {
						await rm(draft, { force: true });
					}
				},
				async replace(path, bytes) {
					const draft = at(`_delta_log/.${randomUUID()}.tmp`);
					try {
						await writeNew(draft, bytes);
						await rename(draft, at(path));
					} finally {
						await rm(draft, { force: true });
					}
				},
				remove: (path) => rm(at(path), { force: true }),
			};
		},
	};
}
