import { FaultlineError, messageOf } from "../../base/errors.ts";
import { nearest } from "../../base/nearest.ts";
import type { Cache } from "../tools/cache.ts";
import { fetchTool, toolIds } from "../tools/tools.ts";
import { loadServices } from "./load-services.ts";

/** What became of one component or tool that was to be fetched. */
export type Fetched =
	| { name: string; version: string; where: string }
	| { name: string; error: string; fix: string };

/** Names of all that can be fetched: components of services, and tools. */
export async function fetchable(): Promise<string[]> {
	return [...(await loadServices()).keys(), ...toolIds()];
}

/**
 * Has these components and tools in the cache, one after another; what is there already costs nothing. One that can't be
 * had keeps no other from being fetched. An unknown name is refused before anything is fetched (`FLT_USAGE`).
 */
export async function fetchAll(names: readonly string[], cache: Cache): Promise<Fetched[]> {
	const known = await fetchable();
	const unknown = names.find((name) => !known.includes(name));
	if (unknown !== undefined) {
		const near = nearest(unknown, known);
		throw new FaultlineError(
			"FLT_USAGE",
			`nothing that can be fetched is called "${unknown}"${near ? `; did you mean "${near}"?` : ""}`,
			`there are: ${known.join(", ")}`,
		);
	}
	const results: Fetched[] = [];
	for (const name of names) {
		try {
			results.push({ name, ...(await fetchOne(name, cache)) });
		} catch (error) {
			cache.signal.throwIfAborted();
			const fix = error instanceof FaultlineError ? error.hint : "see what it says";
			results.push({ name, error: messageOf(error), fix });
		}
	}
	return results;
}

async function fetchOne(name: string, cache: Cache): Promise<{ version: string; where: string }> {
	const service = [...(await loadServices())].find(([id]) => id === name)?.[1];
	if (service !== undefined) {
		const { version, path } = await service.fetch(cache);
		return { version, where: path };
	}
	const { version, folder } = await fetchTool(name, cache);
	return { version, where: folder };
}
