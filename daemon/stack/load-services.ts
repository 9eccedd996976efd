import { loadEntry, scanFolder } from "../../base/catalog.ts";
import type { ComponentId, Service } from "./service.ts";

const servicesFolder = new URL("./services/", import.meta.url);

/** All services, by id, in the order of their files. */
export async function loadServices(): Promise<Map<ComponentId, Service>> {
	const ids = [...scanFolder(servicesFolder).keys()] as ComponentId[];
	const load = async (id: ComponentId) =>
		[id, await loadEntry<Service>(servicesFolder, id, "service")] as const;
	return new Map(await Promise.all(ids.map(load)));
}
