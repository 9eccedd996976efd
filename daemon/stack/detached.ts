import { isAlive, killTree } from "../../base/process.ts";
import { processesOf } from "../../toxiproxy/proxies.ts";
import type { Home } from "../home/home.ts";
import { endLeftovers } from "./leftovers.ts";
import { readRecord, writeRecord } from "./record.ts";
import { loadServices } from "./stack.ts";

/** The services of this home that run, as their records and processes tell; nothing is asked of them. */
export async function runningServices(
	home: Home,
): Promise<{ id: string; address: string; version: string }[]> {
	const ids = [...(await loadServices()).keys()].flatMap(processesOf);
	return ids.flatMap((id) => {
		const { process, ports, version } = readRecord(home, id);
		if (process === null || !isAlive(process)) return [];
		return [{ id, address: `127.0.0.1:${ports.direct}`, version }];
	});
}

/**
 * Ends the services of this home that run without a daemon, each in its own way, and whatever else carries its mark.
 * The caller holds the home's lock. Returns the names of the services that ran.
 */
export async function takeDown(home: Home): Promise<string[]> {
	const all = [...(await loadServices())].flatMap(([serviceId, service]) =>
		processesOf(serviceId).map((id) => ({ id, service })),
	);
	const stopping = all.map(async ({ id, service }) => {
		const { process } = readRecord(home, id);
		if (process === null || !isAlive(process)) return [];
		await killTree(process, service.stop);
		writeRecord(home, id, { ...readRecord(home, id), process: null, staysUp: false });
		return [id];
	});
	const stopped = (await Promise.all(stopping)).flat();
	await endLeftovers(home, []);
	return stopped;
}
