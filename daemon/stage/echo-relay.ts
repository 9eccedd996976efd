import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { type HostPort, hostPortText } from "../../base/host-port.ts";

/** What stands between a proxy and a service whose protocol nobody here knows. */
export interface EchoRelay {
	/** host:port where it takes connections. */
	address: string;
	/** A client that begins with it is not handed on: it gets it back, and all that it says after it. */
	echo: string;
	close(): Promise<void>;
}

/**
 * Hands on what passes to a service, both ways, and answers probes in its place: of a protocol that is not known no round
 * trip can be made, and one through the proxy to here passes all that a fault does to the path.
 */
export async function openEchoRelay(to: HostPort): Promise<EchoRelay> {
	const echo = `faultline-echo-${randomBytes(16).toString("hex")}\n`;
	const open = new Set<Socket>();
	const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
		// At once: in some protocols the service speaks first.
		const far = connect({ ...to, allowHalfOpen: true, noDelay: true });
		let echoes = false;
		const isCut = (socket: Socket) => !socket.readableEnded && !echoes;
		for (const [socket, other] of [
			[near, far],
			[far, near],
		] as const) {
			open.add(socket);
			socket.on("error", () => {}); // `close` follows
			socket.on("close", () => {
				open.delete(socket);
				if (isCut(socket)) other.destroy();
			});
		}
		far.pipe(near);
		void firstBytes(near, echo).then((first) => {
			if (!first.toString("latin1").startsWith(echo)) {
				far.write(first);
				near.pipe(far);
				return;
			}
			echoes = true;
			far.unpipe(near).destroy();
			near.write(first);
			near.pipe(near);
		});
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { address: host, port } = server.address() as AddressInfo;
	return {
		address: hostPortText({ host, port }),
		echo,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				for (const socket of open) socket.destroy();
			}),
	};
}

/** What a client says first, as soon as it tells whether it begins with `wanted`; the rest is still to be read. */
function firstBytes(client: Socket, wanted: string): Promise<Buffer> {
	return new Promise((resolve) => {
		let first = Buffer.alloc(0);
		const tell = () => {
			client.off("data", onData).off("end", tell).pause();
			resolve(first);
		};
		const onData = (bytes: Buffer) => {
			first = Buffer.concat([first, bytes]);
			if (first.length >= wanted.length || !wanted.startsWith(first.toString("latin1"))) tell();
		};
		client.on("data", onData).once("end", tell);
	});
}
