import { createSocket, type Socket } from "node:dgram";
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

/**
 * The ports that one stack has chosen, kept from every other stack of this machine from the choice on: between the
 * choice and the service that listens there lie seconds, and a broker that finds one of its ports taken has already
 * answered on the others. A claim on a TCP port is the bound UDP port of its number, which goes with the process.
 */
export class PortClaims {
	readonly #sockets = new Map<number, Socket>();

	/** Whether the port is now ours; false where it is claimed, by another stack or by this one. */
	claim(port: number): Promise<boolean> {
		const socket = createSocket("udp4").unref();
		return new Promise((resolve) => {
			socket.once("error", () => {
				socket.close();
				resolve(false);
			});
			socket.bind({ port, address: "127.0.0.1", exclusive: true }, () => {
				this.#sockets.set(port, socket);
				resolve(true);
			});
		});
	}

	release(port: number): void {
		this.#sockets.get(port)?.close();
		this.#sockets.delete(port);
	}

	releaseAll(): void {
		for (const port of [...this.#sockets.keys()]) this.release(port);
	}
}

/** Claims the port if it can be listened on as well. */
async function claimFree(port: number, claims: PortClaims): Promise<boolean> {
	if (!(await claims.claim(port))) return false;
	if (await isFree(port)) return true;
	claims.release(port);
	return false;
}

/** A claimed port on which nobody listens, outside the range of outgoing connections. */
export async function freePort(claims: PortClaims): Promise<number> {
	for (let attempt = 0; attempt < 1_000; attempt++) {
		const port = lowest + Math.floor(Math.random() * (highest - lowest));
		if (await claimFree(port, claims)) return port;
	}
	throw new Error(`no free port between ${lowest} and ${highest}`);
}

/** A claimed port for each name: the saved one while it is free or `held` by the service itself, else a new one. */
export async function choosePorts(
	names: readonly string[],
	saved: Readonly<Record<string, number>>,
	held: boolean,
	claims: PortClaims,
): Promise<Record<string, number>> {
	const ports: Record<string, number> = {};
	for (const name of names) {
		const before = saved[name];
		if (before !== undefined && held) {
			await claims.claim(before);
			ports[name] = before;
		} else {
			const keeps = before !== undefined && (await claimFree(before, claims));
			ports[name] = keeps ? before : await freePort(claims);
		}
	}
	return ports;
}
