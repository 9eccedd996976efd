import { isAlive, killTree } from "../../base/process.ts";
import type { Home } from "../home.ts";
import { endLeftovers } from "./leftovers.ts";
import { readRecord } from "./record.ts";
import { loadServices } from "./stack.ts";

/**
 * Ends the services of this home that run without a daemon, each in its own way, and whatever else carries its mark.
 * The caller holds the home's lock. Returns the names of the services that ran.
 */
export async function takeDown(home: Home): Promise<string[]> {
	const stopping = [...(await loadServices())].map(async ([id, service]) => {
		const { process } = readRecord(home, id);
		if (process === null || !isAlive(process)) return [];
		await killTree(process, service.stop);
		return [id];
	});
	const stopped = (await Promise.all(stopping)).flat();
	await endLeftovers(home, []);
	return stopped;
}
