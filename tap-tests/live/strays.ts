import { identify } from "../../base/process.ts";
import { processesOf, serviceIds } from "../../base/services.ts";
import { leftovers } from "../../daemon/stack/leftovers.ts";
import { readRecord } from "../../daemon/stack/record.ts";
import type { LiveDaemon } from "./daemon.ts";

/** Processes of this home that are neither the daemon's nor a service's. */
export async function strays({ home, pid }: LiveDaemon): Promise<number[]> {
	const services = [...serviceIds.flatMap(processesOf), "toxiproxy"].map(
		(id) => readRecord(home, id).process,
	);
	const roots = [identify(pid), ...services].filter((root) => root !== null);
	return (await leftovers(home, roots)).map((stray) => stray.pid);
}
