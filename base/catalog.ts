import { readdirSync } from "node:fs";
import { runningExtension } from "./entry.ts";
import { FaultlineError, messageOf } from "./errors.ts";
import { nearest } from "./nearest.ts";

/** The files of a folder that make up a catalog: file name without extension → URL. No registry: the name is the id. */
export function scanFolder(folder: URL): Map<string, URL> {
	const files = new Map<string, URL>();
	for (const name of readdirSync(folder).sort()) {
		if (name.endsWith(".d.ts") || !name.endsWith(runningExtension)) continue;
		files.set(name.slice(0, -runningExtension.length), new URL(name, folder));
	}
	return files;
}

/**
 * Loads one entry of a folder whose files each have a default export. An unknown id is refused with the nearest one
 * (`FLT_KIND_UNKNOWN`); `what` names the thing in that message, such as "fault" or "driver".
 */
export async function loadEntry<T>(folder: URL, id: string, what: string): Promise<T> {
	const files = scanFolder(folder);
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
