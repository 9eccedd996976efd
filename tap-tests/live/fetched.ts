import type { ServiceId } from "../../base/services.ts";
import { isOnDemand, isServiceId } from "../../base/services.ts";
import type { ScenarioDescription } from "../../daemon/host/protocol.ts";
import { loadSettings } from "../../daemon/settings.ts";
import { loadServices } from "../../daemon/stack/load-services.ts";
import { type ReadyTool, readyTool, toolState } from "../../daemon/tools/tools.ts";

/** The services started on demand that are here, with where: tests build none (`npm run test:components` does). */
export async function fetchedServices(): Promise<Map<ServiceId, string>> {
	const { cache: folder } = await loadSettings({});
	const cache = { folder, progress: () => {}, env: process.env, signal: AbortSignal.abort() };
	const found = new Map<ServiceId, string>();
	for (const [id, service] of await loadServices()) {
		const survey = service.survey(cache);
		if (isServiceId(id) && isOnDemand(id) && survey.state === "found") found.set(id, survey.source);
	}
	return found;
}

/**
 * What a scenario needs that is not in the cache: tests fetch nothing, and leave out what would. Empty where all is there.
 */
export async function unfetched({
	needs,
	tools,
}: Pick<ScenarioDescription, "needs" | "tools">): Promise<string[]> {
	const services = await fetchedServices();
	const { cache: folder } = await loadSettings({});
	const lacking: string[] = needs.filter((id) => isOnDemand(id) && !services.has(id));
	for (const id of tools) {
		const { state } = await toolState(id, { folder, env: process.env });
		if (state !== "ready") lacking.push(id);
	}
	return lacking;
}

/** A tool as it is in the cache; null where it is not. */
export async function fetchedTool(id: string): Promise<ReadyTool | null> {
	const { cache: folder } = await loadSettings({});
	return readyTool(id, { folder, env: process.env });
}
