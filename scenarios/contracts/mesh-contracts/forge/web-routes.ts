import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Routes } from "faultline/subject";
import { main } from "../../../subjects/gate/refs.ts";
import { folderSource } from "../gate/folder-source.ts";

/** The web side of a forge: where the mains of a folder's repositories are, and what commits hold. */
export function webRoutes(folder: string, names: readonly string[]): Routes {
	const { files } = folderSource(folder);
	// As git itself keeps it, where nothing packs refs: a file that is moved into its place.
	const commitOf = (name: string) => readFileSync(join(folder, `${name}.git`, main), "utf8").trim();
	return {
		"GET /folder": () => ({ folder }),
		"GET /mains": () => Object.fromEntries(names.map((name) => [name, commitOf(name)])),
		"GET /repositories/:name/main": ({ params: { name = "" } }) =>
			names.includes(name) ? { status: 200, body: { commit: commitOf(name) } } : { status: 404 },
		"GET /repositories/:name/commits/:commit": async ({ params: { name = "", commit = "" } }) => {
			if (!names.includes(name) || !/^[0-9a-f]{40,64}$/.test(commit)) return { status: 404 };
			return { status: 200, body: await files(name, commit) };
		},
	};
}
