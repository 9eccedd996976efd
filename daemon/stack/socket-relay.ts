import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { isSocket, readPostgresUrl, socketFile } from "../../base/postgres-url.ts";

/** Where Toxiproxy, which knows no sockets of the file system, reaches one: on loopback, for this process's life. */
export interface Relay {
	/** host:port */
	address: string;
	close(): Promise<void>;
}

/** The relay to a Postgres behind a socket; null where it listens on an address of its own. */
export async function relayFor(url: string): Promise<Relay | null> {
	const server = readPostgresUrl(url);
	return isSocket(server) ? openRelay(socketFile(server)) : null;
}

async function openRelay(file: string): Promise<Relay> {
	const open = new Set<Socket>();
	const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
		const far = connect({ path: file, allowHalfOpen: true });
		for (const [socket, other] of [
			[near, far],
			[far, near],
		] as const) {
			open.add(socket);
			socket.on("error", () => other.destroy());
			socket.on("close", () => {
				open.delete(socket);
				// One that was cut, not ended.
				if (!socket.readableEnded) other.destroy();
			});
			socket.pipe(other);
		}
	});
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(0, "127.0.0.1", resolve);
	});
	return {
		address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				for (const socket of open) socket.destroy();
			}),
	};
}
