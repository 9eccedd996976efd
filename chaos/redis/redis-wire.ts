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

/**
 * Opens one, as the user that the URL names. It logs in with the first that it asks, not before: a server that keeps
 * everybody waiting would answer the login late, and what comes then at once.
 */
export async function openRedisWire(url: string): Promise<RedisWire> {
	const parsed = new URL(url);
	const { host, port } = hostPortOfUrl(parsed, 6379);
	const socket = await openSocket(host, port);
	let login = loginOf(parsed);
	const bare: ProbeSocket = {
		...socket,
		async ask(request, complete) {
			if (login === null) return socket.ask(request, complete);
			const both = Buffer.concat([login, request]);
			login = null;
			const answer = await socket.ask(both, (bytes) => {
				const rest = behindFirstLine(bytes);
				return rest !== null && (isRefusal(bytes) || complete(rest));
			});
			if (!isRefusal(answer)) return behindFirstLine(answer)!;
			socket.destroy();
			throw new Error(answer.toString("utf8", 1, answer.indexOf("\r\n")));
		},
	};
	return {
		async ask(line) {
			let first: string | undefined;
			await bare.ask(Buffer.from(`${line}\r\n`), (bytes) => {
				const lines = bytes.toString().split("\r\n").slice(0, -1);
				first = lines.find((each) => !fed.test(each));
				return first !== undefined;
			});
			if (first!.startsWith("-")) throw new Error(first!.slice(1));
			return first!;
		},
		bare,
		destroy: socket.destroy,
	};
}

function loginOf({ username, password }: URL): Buffer | null {
	if (password === "") return null;
	const quoted = (word: string) => `"${decodeURIComponent(word).replaceAll(/["\\]/g, "\\$&")}"`;
	return Buffer.from(`AUTH ${quoted(username || "default")} ${quoted(password)}\r\n`);
}

function isRefusal(answer: Buffer): boolean {
	return answer[0] === "-".charCodeAt(0);
}

function behindFirstLine(answer: Buffer): Buffer<ArrayBuffer> | null {
	const end = answer.indexOf("\r\n");
	return end < 0 ? null : Buffer.from(answer.subarray(end + 2));
}
