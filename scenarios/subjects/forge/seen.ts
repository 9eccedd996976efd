import { createHash } from "node:crypto";
import { main } from "../gate/refs.ts";
import { git } from "./git.ts";

// What is seen of a repository when a run is over, by git alone.

/** A commit that main has been, with what it merges. */
export type MainCommit = { oid: string; parents: string[] };

/** As much of a commit's id as tells those of a run apart: a record is no place for more. */
export function shortOid(oid: string): string {
	return oid.slice(0, 12);
}

/** What main has been, from the last back to the first, along first parents. */
export async function mainsOf(folder: string): Promise<MainCommit[]> {
	const out = await git(["log", "--first-parent", "--format=%H %P", main], { folder });
	return out
		.toString()
		.trim()
		.split("\n")
		.map((line) => {
			const [oid = "", ...parents] = line.trim().split(" ").map(shortOid);
			return { oid, parents };
		});
}

/** The files of main: path → object id. */
export async function blobsOf(folder: string): Promise<Map<string, string>> {
	const out = await git(["ls-tree", "-r", "-z", "--format=%(objectname) %(path)", main], {
		folder,
	});
	const lines = out.toString().split("\0").slice(0, -1);
	return new Map(lines.map((line) => [line.slice(41), line.slice(0, 40)]));
}

/** The texts of main's files below a folder, by their paths, in the order of these. */
export async function textsBelow(folder: string, below: string): Promise<Map<string, string>> {
	const paths = [...(await blobsOf(folder)).keys()].filter((path) => path.startsWith(below)).sort();
	const texts = await Promise.all(
		paths.map((path) => git(["show", `${main}:${path}`], { folder })),
	);
	return new Map(paths.map((path, n) => [path, String(texts[n])]));
}

/** Held against the texts that they should have, by git's own way to make an id of a text. */
export function wrongFiles(
	found: ReadonlyMap<string, string>,
	wanted: Readonly<Record<string, string>>,
): string[] {
	const paths = new Set([...found.keys(), ...Object.keys(wanted)]);
	return [...paths].filter((path) => {
		const text = wanted[path];
		return text === undefined || found.get(path) !== blobId(text);
	});
}

export function blobId(text: string): string {
	const bytes = Buffer.from(text);
	return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
