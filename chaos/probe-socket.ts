import net from "node:net";

export interface ProbeSocket {
	/** Sends a request and waits until `complete` says that the bytes since then are a whole answer. */
	ask(request: Buffer, complete: (answer: Buffer) => boolean): Promise<Buffer>;
	readonly socket: net.Socket;
	destroy(): void;
}

/** A bare socket for protocols whose smallest round trip is a few bytes: a client library would hide what breaks. */
export function openSocket(host: string, port: number): Promise<ProbeSocket> {
	return new Promise((resolve, reject) => {
		const socket = net.connect({ host, port });
		socket.once("error", reject);
		socket.once("connect", () => {
			socket.off("error", reject);
			socket.on("error", () => {}); // `close` follows, and rejects whoever waits
			resolve({
				ask: (request, complete) => ask(socket, request, complete),
				socket,
				destroy: () => socket.destroy(),
			});
		});
	});
}

function ask(
	socket: net.Socket,
	request: Buffer,
	complete: (answer: Buffer) => boolean,
): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		let answer = Buffer.alloc(0);
		const settle = (result: Buffer | Error) => {
			socket.off("data", onData).off("close", onClose);
			if (result instanceof Error) reject(result);
			else resolve(result);
		};
		const onData = (bytes: Buffer) => {
			answer = Buffer.concat([answer, bytes]);
			if (complete(answer)) settle(answer);
		};
		const onClose = () => settle(new Error("connection closed"));
		socket.on("data", onData).once("close", onClose);
		if (socket.destroyed) onClose();
		else socket.write(request);
	});
}
