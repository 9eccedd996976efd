import { join } from "node:path";
import { git } from "../../../subjects/forge/git.ts";
import { main } from "../../../subjects/gate/refs.ts";
import { Repository } from "../../../subjects/gate/repository.ts";
import type { MainSource } from "./mains.ts";

/** The repositories in a folder, each in `NAME.git`: bare clones, or the forge's own. */
export function folderSource(folder: string): MainSource {
	const texts = new Map<string, string>();
	const placeOf = (name: string) => join(folder, `${name}.git`);
	return {
		async commit(name) {
			const args = ["rev-parse", "--verify", `${main}^{commit}`];
			return String(await git(args, { folder: placeOf(name) })).trim();
		},
		async files(name, commit) {
			const repository = new Repository(placeOf(name), {}, texts);
			const entries = await repository.entries(commit);
			const found = await repository.texts(entries.map(({ oid }) => oid));
			return Object.fromEntries(entries.map(({ path, oid }) => [path, found.get(oid)!]));
		},
	};
}
