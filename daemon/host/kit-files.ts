import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { entryUrl } from "../../base/entry.ts";

const index = fileURLToPath(entryUrl("../../scenarios/index.ts", import.meta.url));
const imported = /\bimport\s*\{([^}]*)\}\s*from\s*["']faultline["']/g;
/** `import * as …`, `import(…)` and `export * from`: which names are taken can't be seen. */
const importedWhole =
	/\bimport\s*\*[^;"']*["']faultline["']|\bimport\s*\(\s*["']faultline["']|\bexport\s*\*[^;"']*["']faultline["']/;
const handedOn = /\bexport\s*\{([^}]*)\}\s*from\s*["'](\.\/kit\/[^"']+)["']/g;

/** Name → the file of the kit that it comes from, for all that `"faultline"` hands on from there. */
let known: ReadonlyMap<string, string> | null = null;

/**
 * The files of the kit that a source takes something from by `import { … } from "faultline"`: with another one of these,
 * the same scenario judges otherwise. Types vanish before it runs, and are left out; who imports it as a whole takes all.
 */
export function kitFilesOf(text: string): string[] {
	known ??= new Map(
		[...readFileSync(index, "utf8").matchAll(handedOn)].flatMap(([, names, file]) =>
			namesIn(names!).map((name) => [name, resolve(dirname(index), file!)] as const),
		),
	);
	if (importedWhole.test(text)) return [...new Set(known.values())];
	const names = [...text.matchAll(imported)].flatMap(([, list]) => namesIn(list!));
	return [...new Set(names.flatMap((name) => known?.get(name) ?? []))];
}

function namesIn(list: string): string[] {
	return list
		.split(",")
		.map((name) => name.trim().replace(/\s+as\s+.*$/, ""))
		.filter((name) => name !== "" && !name.startsWith("type "));
}
