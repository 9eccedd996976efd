import net from "node:net";
import tls from "node:tls";
import { type HostPort, hostPortText } from "../../base/host-port.ts";

export interface Peer extends HostPort {
	secure?: boolean;
}

/**
 * Sends bytes and waits until `read` makes something of the answer so far. For probes: no client library is loaded
 * into the daemon for it, and no connection stays open.
 */
export function roundTrip<T>(
	{ host, port, secure = false }: Peer,
	request: Buffer | string,
	read: (answer: Buffer) => T | null,
	limitMs: number,
): Promise<T> {
	const address = hostPortText({ host, port });
	return new Promise((resolve, reject) => {
		const socket = secure
			? tls.connect({ host, port, servername: net.isIP(host) ? "" : host })
			: net.connect({ host, port });
		let answer = Buffer.alloc(0);
		const settle = (act: () => void) => {
			clearTimeout(timer);
			socket.destroy();
			act();
		};
		const fail = (error: Error) => settle(() => reject(error));
		const timer = setTimeout(
			() => fail(new Error(`${address} did not answer within ${limitMs} ms`)),
			limitMs,
		);
		socket.on("error", fail);
		socket.on("close", () => fail(new Error(`${address} closed the connection`)));
		socket.on("data", (bytes: Buffer) => {
			answer = Buffer.concat([answer, bytes]);
			try {
				const result = read(answer);
				if (result !== null) settle(() => resolve(result));
			} catch (error) {
				fail(error as Error);
			}
		});
		socket.write(request);
	});
}
