import { hostPortOfUrl } from "../../base/host-port.ts";
import { openSocket, type ProbeSocket } from "../probe-socket.ts";

/** A bare connection to Redis, which does one thing at a time and nothing by itself. */
export interface RedisWire {
	/** Sends a command as a line of words; the first line of its answer. An error reply rejects. A monitor's feed is passed over. */
	ask(line: string): Promise<string>;
	/** The socket below, without a protocol. */
	readonly bare: ProbeSocket;
	destroy(): void;
}

/** A line that a monitor is told of another client's command: `+1795553366.207534 [0 127.0.0.1:33332] "PING"`. */
const fed = /^\+\d+\.\d+ \[/;

/** Opens one, as the user that the URL names. */
export async function openRedisWire(url: string): Promise<RedisWire> {
	const parsed = new URL(url);
	const { username, password } = parsed;
	const { host, port } = hostPortOfUrl(parsed, 6379);
	const socket = await openSocket(host, port);
	const wire: RedisWire = {
		async ask(line) {
			let first: string | undefined;
			await socket.ask(Buffer.from(`${line}\r\n`), (bytes) => {
				const lines = bytes.toString().split("\r\n").slice(0, -1);
				first = lines.find((each) => !fed.test(each));
				return first !== undefined;
			});
			if (first!.startsWith("-")) throw new Error(first!.slice(1));
			return first!;
		},
		bare: socket,
		destroy: socket.destroy,
	};
	if (password === "") return wire;
	const quoted = (word: string) => `"${decodeURIComponent(word).replaceAll(/["\\]/g, "\\$&")}"`;
	try {
		await wire.ask(`AUTH ${quoted(username || "default")} ${quoted(password)}`);
		return wire;
	} catch (error) {
		wire.destroy();
		throw error;
	}
}
