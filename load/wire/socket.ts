import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type SecureContext } from "node:tls";
import { type HostPort, hostPortOfUrl } from "../../base/host-port.ts";

const readBytes = 16 * 1024;

/** Where a socket connects: host without brackets, and whether it speaks TLS; or the path of a Unix socket. */
export type Address =
	| (HostPort & { tls: { protocols: string[]; context?: SecureContext } | null })
	| { path: string };

type Tcp = Extract<Address, HostPort>;

export function addressOf(url: URL, defaultPort: number, tls: Tcp["tls"]): Address {
	const { host, port } = hostPortOfUrl(url, defaultPort);
	return { host: host || "127.0.0.1", port, tls };
}

/**
 * A connecting socket that hands on what it reads without a stream in between: `onBytes` gets a buffer that is used
 * again for the next read, and how much of it is filled. Not for what was read by `data` listeners. An error ends it:
 * `close` comes after `error`, whatever was being written.
 */
export function readingSocket(
	address: Address,
	{ onConnected, onBytes }: { onConnected: () => void; onBytes: OnBytes },
): Socket {
	return endedByError(connecting(address, onConnected, readInto(onBytes)));
}

/**
 * The same socket. Over TLS an alert of the peer is told as an error and leaves the socket open: a write that is under way
 * then may never end, nor may the socket.
 */
export function endedByError(socket: Socket): Socket {
	return socket.once("error", () => socket.destroy());
}

function connecting(
	address: Address,
	onConnected: () => void,
	onread: ReturnType<typeof readInto>,
): Socket {
	if ("path" in address) return connectTcp({ path: address.path, onread }, onConnected);
	const { host, port, tls } = address;
	const options = { host, port, noDelay: true, onread };
	if (tls === null) return connectTcp(options, onConnected);
	const ALPNProtocols = tls.protocols;
	const secureContext = tls.context;
	// The protocol has names of hosts alone in it, no addresses (RFC 6066).
	const servername = isIP(host) === 0 ? host : "";
	return connectTls({ ...options, servername, ALPNProtocols, secureContext }, onConnected);
}

export type OnBytes = (bytes: Buffer, length: number) => void;

export function readInto(
	onBytes: OnBytes,
	bytes = readBytes,
): {
	buffer: Buffer;
	callback: (length: number, bytes: Uint8Array) => boolean;
} {
	return {
		buffer: Buffer.allocUnsafeSlow(bytes),
		callback: (length, bytes) => {
			onBytes(bytes as Buffer, length);
			return true;
		},
	};
}
