import { delimiter } from "node:path";
import { FaultlineError } from "../../base/errors.ts";
import type { RunStack } from "../stage/stage.ts";
import { fetchTool, missingTool, type ReadyTool, type ToolCache } from "../tools/tools.ts";

/** The tools that runs may need. */
export interface RunTools {
	/** Why a run that needs this one can't be begun; null where it is here or can be fetched. */
	missing(id: string): Promise<FaultlineError | null>;
	/** Has it in the cache when it resolves; what a fetch does meanwhile is said. */
	fetch(id: string, say: (line: string) => void, signal: AbortSignal): Promise<ReadyTool>;
}

/** The tools of a cache. */
export function toolsIn(cache: ToolCache): RunTools {
	return {
		missing: (id) => missingTool(id, cache),
		fetch: (id, progress, signal) => fetchTool(id, { ...cache, progress, signal }),
	};
}

/** The stack as a run with these tools sees it: all that it starts finds their programs first. */
export function withTools(stack: RunStack, tools: readonly ReadyTool[]): RunStack {
	if (tools.length === 0) return stack;
	const path = [...tools.map(({ bin }) => bin), stack.env.PATH ?? ""].join(delimiter);
	const env = Object.assign({}, stack.env, ...tools.map(({ variables }) => variables), {
		PATH: path,
	});
	return Object.create(stack, { env: { value: env } }) as RunStack;
}

/** Fetches what a run needs; a signal that is raised ends it, and leaves a clean cache. */
export async function fetchTools(
	ids: readonly string[],
	tools: RunTools,
	say: (line: string) => void,
	signal: AbortSignal,
): Promise<ReadyTool[]> {
	const ready: ReadyTool[] = [];
	for (const id of ids) ready.push(await tools.fetch(id, say, signal));
	return ready;
}

/** Where there is no cache: whatever is asked for is missing. */
export const noTools: RunTools = {
	missing: async (id) =>
		new FaultlineError("FLT_COMPONENT_MISSING", `${id} is missing: there is no cache of tools`, ""),
	fetch: (id) => Promise.reject(new Error(`no cache to fetch ${id} to`)),
};
