import type { Endpoint } from "../../base/endpoint.ts";
import type { RunNames } from "../../base/run-names.ts";
import type { ServiceId } from "../../base/services.ts";
import { loadServices } from "../stack/load-services.ts";
import type { Service } from "../stack/service.ts";

/** The services that a run needs and that are up; one that is not has nothing of ours to remove. */
export type RunServices = ReadonlyMap<ServiceId, Endpoint>;

/** Makes what has to be there before the run, such as its own database; all else the run makes under its names. */
export async function createNamespace(services: RunServices, names: RunNames): Promise<void> {
	await each(services, async (service, endpoint) => service.openRun?.(endpoint, names));
}

/** Where the run reaches each: its own part of the service. */
export async function endpointsFor(services: RunServices, names: RunNames): Promise<RunServices> {
	const known = await loadServices();
	return new Map(
		[...services].map(([id, endpoint]) => [
			id,
			known.get(id)?.forRun?.(endpoint, names) ?? endpoint,
		]),
	);
}

/**
 * Removes everything that carries the run's names, whoever made it, from all of these services. Right when nothing is
 * there, any number of times.
 */
export async function removeNamespace(services: RunServices, names: RunNames): Promise<void> {
	const known = await loadServices();
	const clean: Act = async (service, endpoint) => service.cleanRun?.(endpoint, names);
	const standsOnOthers = (id: ServiceId) => (known.get(id)?.after ?? []).length > 0;
	const some = (wanted: boolean) =>
		new Map([...services].filter(([id]) => standsOnOthers(id) === wanted));
	// What works in others ends first, or it would make again what was just removed there.
	const failures = [
		...(await failuresIn(some(true), clean)),
		...(await failuresIn(some(false), clean)),
	];
	if (failures.length > 0) throw new AggregateError(failures, "");
}

type Act = (service: Service, endpoint: Endpoint) => Promise<void>;

async function each(services: RunServices, act: Act): Promise<void> {
	const failures = await failuresIn(services, act);
	if (failures.length > 0) throw new AggregateError(failures, "");
}

/** Does it in all of them at once; what goes wrong in one keeps no other from it. */
async function failuresIn(services: RunServices, act: Act): Promise<Error[]> {
	const known = await loadServices();
	const acts = [...services].map(([id, endpoint]) => act(known.get(id)!, endpoint));
	return (await Promise.allSettled(acts)).flatMap((result) =>
		result.status === "rejected" ? [result.reason as Error] : [],
	);
}
