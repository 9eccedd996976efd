import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { runningExtension } from "./entry.ts";
import { FaultlineError, messageOf } from "./errors.ts";
import { nearest } from "./nearest.ts";

/** Where the files of a catalog lie: in its folder, or also in the folders in there, which sort them and are no part of an id. */
export type Shelves = "one folder" | "folders in it";

/** The files of a folder that make up a catalog: file name without extension → URL. No registry: the name is the id. */
export function scanFolder(folder: URL, shelves: Shelves = "one folder"): Map<string, URL> {
	const files = new Map<string, URL>();
	for (const name of namesIn(folder, shelves)) {
		const id = basename(name, runningExtension);
		const url = new URL(name, folder);
		const other = files.get(id);
		if (other !== undefined)
			throw new FaultlineError(
				"FLT_INTERNAL",
				`"${id}" is the name of two files, ${other.pathname} and ${url.pathname}`,
				"the file's name is the id, whatever folder it lies in: rename one of them",
			);
		files.set(id, url);
	}
	return shelves === "one folder"
		? files
		: new Map([...files].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The paths of its files from the folder, sorted. */
function namesIn(folder: URL, shelves: Shelves): string[] {
	const entries = readdirSync(folder, { withFileTypes: true });
	const names = entries.flatMap((entry) => {
		const { name } = entry;
		if (!entry.isDirectory())
			return name.endsWith(runningExtension) && !name.endsWith(".d.ts") ? [name] : [];
		if (shelves === "one folder") return [];
		return namesIn(new URL(`${name}/`, folder), "one folder").map((file) => `${name}/${file}`);
	});
	return names.sort();
}

/**
 * Loads one entry of a folder whose files each have a default export. An unknown id is refused with the nearest one
 * (`FLT_KIND_UNKNOWN`); `what` names the thing in that message, such as "fault" or "driver".
 */
export async function loadEntry<T>(
	folder: URL,
	id: string,
	what: string,
	shelves: Shelves = "one folder",
): Promise<T> {
	const files = scanFolder(folder, shelves);
	const url = files.get(id);
	if (url === undefined) {
		const known = [...files.keys()];
		const near = nearest(id, known);
		throw new FaultlineError(
			"FLT_KIND_UNKNOWN",
			`no ${what} "${id}"${near ? `; did you mean "${near}"?` : ""}`,
			`known: ${known.join(", ")}`,
		);
	}
	try {
		const entry = ((await import(url.href)) as { default?: T }).default;
		if (entry === undefined) throw new Error("the file has no default export");
		return entry;
	} catch (error) {
		throw new FaultlineError(
			"FLT_KIND_UNKNOWN",
			`${what} "${id}" does not load: ${messageOf(error)}`,
			`mend ${url.pathname}`,
			error,
		);
	}
}
