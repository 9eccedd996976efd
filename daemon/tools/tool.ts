import type { Cache } from "./cache.ts";
import type { Variables } from "./program.ts";

/**
 * Programs that experiments run and the stack does not need: a file in `kinds/` that exports one by default, whose name
 * is the id. `tool("dbt")` among a scenario's needs has it fetched before the run, and its jobs find it first on PATH.
 */
export interface Tool {
	/** What people call it. */
	name: string;
	version: string;
	/** What experiments want it for. */
	why: string;
	recipe: Recipe;
	/** Environment of everything that runs it: a call home that is blocked would cost tens of seconds. */
	variables: Readonly<Record<string, string>>;
}

/** How a tool gets into the cache: the same for each one of its ecosystem. */
export interface Recipe {
	/** Where it comes from, in words. */
	from: string;
	sizeMb: number;
	typicalSeconds: number;
	/** Changes with everything that makes it another, such as its locked versions. */
	digest: string;
	/** The folder of its programs, below what is built. */
	bin: string;
	/** What is lacking on this machine to build it, or null. */
	lacks(env: Variables): { tried: string; fix: string } | null;
	/** Builds it in the draft, from the network and what an earlier try has downloaded; later it is in another folder. */
	build(cache: Cache, draft: string, downloads: string): Promise<void>;
}
