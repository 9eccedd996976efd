import { join } from "node:path";
import { loadEntry, scanFolder } from "../../base/catalog.ts";
import type { FaultlineError } from "../../base/errors.ts";
import { type Cache, cached, fetchOnce, type Parcel } from "./cache.ts";
import { missing } from "./component.ts";
import type { Variables } from "./program.ts";
import type { Tool } from "./tool.ts";

const kinds = new URL("./kinds/", import.meta.url);

/** Where tools are, and what is told of a fetch. */
export type ToolCache = Pick<Cache, "folder" | "env">;

export type ToolState =
	| { state: "ready"; version: string; from: string; folder: string }
	| { state: "fetchable"; version: string; from: string; sizeMb: number }
	| { state: "missing"; version: string; tried: string; fix: string };

/** A tool as processes use it. */
export interface ReadyTool {
	version: string;
	/** First on the PATH of what runs it. */
	bin: string;
	variables: Variables;
	/** All that was fetched. */
	folder: string;
}

/** The tools there are: the files of `kinds/`. */
export function toolIds(): string[] {
	return [...scanFolder(kinds).keys()];
}

/** Whether it is here, can be had, or what is lacking; an unknown one is refused (`FLT_KIND_UNKNOWN`). */
export async function toolState(id: string, cache: ToolCache): Promise<ToolState> {
	const { version, recipe } = await loadTool(id);
	const folder = cached(cache, await parcelOf(id));
	if (folder !== null) return { state: "ready", version, from: recipe.from, folder };
	const lacking = recipe.lacks(cache.env);
	if (lacking !== null) return { state: "missing", version, ...lacking };
	return { state: "fetchable", version, from: recipe.from, sizeMb: recipe.sizeMb };
}

/** Why a run that needs it can't be begun (`FLT_COMPONENT_MISSING`); null where it is here or can be fetched. */
export async function missingTool(id: string, cache: ToolCache): Promise<FaultlineError | null> {
	const state = await toolState(id, cache);
	if (state.state !== "missing") return null;
	return missing(`${id} is missing; tried: ${state.tried}`, state.fix);
}

/**
 * Has the tool in the cache when it returns. What is there costs nothing and needs no network; a fetch that broke off
 * goes on with what it had. Throws `FLT_COMPONENT_MISSING` with what was tried.
 */
export async function fetchTool(id: string, cache: Cache): Promise<ReadyTool> {
	const { name, version, recipe } = await loadTool(id);
	const parcel = await parcelOf(id);
	try {
		const lacking = cached(cache, parcel) === null ? recipe.lacks(cache.env) : null;
		if (lacking !== null) throw missing(lacking.tried, lacking.fix);
		await fetchOnce(cache, parcel, (draft, downloads) => recipe.build(cache, draft, downloads));
	} catch (error) {
		cache.signal.throwIfAborted();
		throw missing(
			`${name} ${version} was asked for at ${recipe.from}`,
			"see that this machine reaches it; the next try begins with what has come",
			error,
		);
	}
	return (await readyTool(id, cache))!;
}

/** The tool, where it is in the cache; else null. */
export async function readyTool(id: string, cache: ToolCache): Promise<ReadyTool | null> {
	const { version, recipe, variables } = await loadTool(id);
	const folder = cached(cache, await parcelOf(id));
	if (folder === null) return null;
	return { version, bin: join(folder, recipe.bin), variables, folder };
}

/** The folder of its programs, where it is in the cache; else null. */
export async function binFolderOf(id: string, cache: ToolCache): Promise<string | null> {
	return (await readyTool(id, cache))?.bin ?? null;
}

function loadTool(id: string): Promise<Tool> {
	return loadEntry<Tool>(kinds, id, "tool");
}

/** With other locked versions it is another folder, and what another checkout of this project uses stays. */
async function parcelOf(id: string): Promise<Parcel> {
	const { name, version, why, recipe } = await loadTool(id);
	const { from, sizeMb, typicalSeconds, digest } = recipe;
	return {
		name: `${id}-${version}-${digest.slice(0, 8)}`,
		what: `${name} ${version}`,
		why,
		from,
		sizeMb,
		typicalSeconds,
	};
}
