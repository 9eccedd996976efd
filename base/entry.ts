import { existsSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

/** The extension this copy of Faultline runs with: `.ts` in a clone, `.js` in the installed package. */
export const runningExtension: string = extname(fileURLToPath(import.meta.url));

/**
 * The URL of a module beside `base`, named with `.ts` as in the sources. The compiler rewrites import specifiers
 * but not strings, so every process or worker entry is named through this.
 */
export function entryUrl(specifier: string, base: string | URL): URL {
	const asWritten = new URL(specifier, base);
	if (existsSync(asWritten)) return asWritten;
	const compiled = new URL(specifier.replace(/\.ts$/, ".js"), base);
	return existsSync(compiled) ? compiled : asWritten;
}
