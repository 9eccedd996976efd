import { FaultlineError } from "../../base/errors.ts";
import { isAlive, killTree } from "../../base/process.ts";
import { processesOf } from "../../base/services.ts";
import type { Home } from "../home/home.ts";
import { endLeftovers } from "./leftovers.ts";
import { loadServices } from "./load-services.ts";
import { readRecord, writeRecord } from "./record.ts";
import { urlOf } from "./urls.ts";

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
 * Where a service of this home is reached that runs, with its password. For the home's owner, who may read that: to use
 * it by hand.
 */
export async function urlOfRunning(home: Home, id: string): Promise<string> {
	const running = await runningServices(home);
	const found = running.find((one) => one.id === id);
	const services = [...(await loadServices())];
	const service = services.find(([name]) => processesOf<string>(name).includes(id))?.[1];
	if (found !== undefined && service !== undefined)
		return urlOf(service.endpointAt(found.address, home));
	throw new FaultlineError(
		"FLT_NOT_FOUND",
		`no service "${id}" of this home runs`,
		`there ${running.length === 0 ? "is none" : `are: ${running.map((one) => one.id).join(", ")}`}; faultline stack up starts those of the settings, an external one is where its setting says`,
	);
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
