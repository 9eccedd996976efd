import { appendFileSync, readFileSync } from "node:fs";
import { codeOf } from "./errors.ts";

/** The lines of a file of JSON, one value a line; a torn line is left out, and a file that is not there has none. */
export function readNdjson<T>(file: string): T[] {
	let text = "";
	try {
		text = readFileSync(file, "utf8");
	} catch (error) {
		// One that is there and can't be read must not look like an empty one.
		if (codeOf(error) !== "ENOENT") throw error;
	}
	return text.split("\n").flatMap((line) => {
		try {
			return line === "" ? [] : [JSON.parse(line) as T];
		} catch {
			return [];
		}
	});
}

export function appendNdjson(file: string, value: object): void {
	appendFileSync(file, `${JSON.stringify(value)}\n`, { mode: 0o600 });
}
