import net from "node:net";

/** Below the range from which outgoing connections take theirs: a stopped service finds its port free again. */
const lowest = 20_000;
const highest = 32_000;

/** Can this port be listened on, on loopback? */
export function isFree(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const server = net.createServer();
		server.once("error", () => resolve(false));
		server.listen({ port, host: "127.0.0.1" }, () => server.close(() => resolve(true)));
	});
}

/** A free port that is not in `taken`, and adds it there. */
export async function freePort(taken: Set<number>): Promise<number> {
	for (let attempt = 0; attempt < 1_000; attempt++) {
		const port = lowest + Math.floor(Math.random() * (highest - lowest));
		if (taken.has(port)) continue;
		taken.add(port); // before the await: two callers at once must not both choose it
		if (await isFree(port)) return port;
	}
	throw new Error(`no free port between ${lowest} and ${highest}`);
}

/** A port for each name: the saved one while it is free or `held` by the service itself, else a new one. */
export async function choosePorts(
	names: readonly string[],
	saved: Readonly<Record<string, number>>,
	held: boolean,
	taken: Set<number>,
): Promise<Record<string, number>> {
	const ports: Record<string, number> = {};
	for (const name of names) {
		const before = saved[name];
		const keeps = before !== undefined && (held || (!taken.has(before) && (await isFree(before))));
		ports[name] = keeps ? before : await freePort(taken);
		taken.add(ports[name]);
	}
	return ports;
}
