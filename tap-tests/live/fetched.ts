import type { ServiceId } from "../../base/services.ts";
import { isOnDemand, isServiceId } from "../../base/services.ts";
import { loadSettings } from "../../daemon/settings.ts";
import { loadServices } from "../../daemon/stack/load-services.ts";

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
