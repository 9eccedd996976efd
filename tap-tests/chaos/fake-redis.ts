import { once } from "node:events";
import net from "node:net";
import type { Test } from "tap";

/** A Redis in memory, as far as faults speak to it: settings, keys, a pause that only monitors are spared, DEBUG. */
export interface FakeRedis {
	url: string;
	settings: Map<string, string>;
	keys: Set<string>;
	/** Commands as they came, in upper case. */
	commands: string[];
	/** Takes a command instead of the server: its answer, or null to go on. */
	before(words: string[]): string | null;
	pausedUntilMs: number;
	connections: number;
	close(): void;
}

const ok = "+OK\r\n";
const bulk = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const list = (items: string[]) => `*${items.length}\r\n${items.join("")}`;
const usedBytes = 1_000;

export async function fakeRedis(t: Test): Promise<FakeRedis> {
	const sockets = new Set<net.Socket>();
	const server = net.createServer((socket) => serve(redis, socket, sockets));
	const redis: FakeRedis = {
		url: "",
		settings: new Map([
			["maxmemory", "0"],
			["maxmemory-policy", "noeviction"],
		]),
		keys: new Set(),
		commands: [],
		before: () => null,
		pausedUntilMs: 0,
		get connections() {
			return sockets.size;
		},
		close() {
			server.close();
			for (const socket of sockets) socket.destroy();
		},
	};
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	redis.url = `redis://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
	t.teardown(() => redis.close());
	return redis;
}

function serve(redis: FakeRedis, socket: net.Socket, sockets: Set<net.Socket>): void {
	sockets.add(socket);
	socket.on("close", () => sockets.delete(socket)).on("error", () => {});
	let text = "";
	let monitors = false;
	let line: Promise<void> = Promise.resolve();
	const handle = async (words: string[]) => {
		while (!monitors && performance.now() < redis.pausedUntilMs)
			await new Promise((resolve) => setTimeout(resolve, 5));
		redis.commands.push(words.join(" ").toUpperCase());
		monitors ||= words[0]!.toUpperCase() === "MONITOR";
		socket.write(redis.before(words) ?? answer(redis, words));
	};
	socket.on("data", (bytes) => {
		text += bytes;
		for (;;) {
			const next = command(text);
			if (next === null) return;
			text = text.slice(next.length);
			line = line.then(() => handle(next.words));
		}
	});
}

/** The first whole command of the text, as a list of bulk strings or as a line. */
function command(text: string): { words: string[]; length: number } | null {
	const lines = text.split("\r\n");
	if (lines.length < 2) return null;
	if (!text.startsWith("*")) {
		const words = (lines[0]!.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ""));
		return { words, length: lines[0]!.length + 2 };
	}
	const count = 1 + 2 * Number(lines[0]!.slice(1));
	if (lines.length <= count) return null;
	const words = lines.slice(1, count).filter((_, i) => i % 2 === 1);
	return { words, length: lines.slice(0, count).join("\r\n").length + 2 };
}

function answer(redis: FakeRedis, [name = "", ...args]: string[]): string {
	const { settings, keys } = redis;
	const limit = Number(settings.get("maxmemory"));
	const policy = settings.get("maxmemory-policy")!;
	if (limit > 0 && limit < usedBytes && policy !== "noeviction") keys.delete([...keys][0]!);
	switch (name.toUpperCase()) {
		case "INFO": {
			const evicted = policy === "noeviction" ? 7 : 8;
			return bulk(`loading:0\r\nused_memory:${usedBytes}\r\nevicted_keys:${evicted}\r\n`);
		}
		case "CONFIG":
			if (args[0]!.toUpperCase() === "GET")
				return list([bulk(args[1]!), bulk(settings.get(args[1]!)!)]);
			settings.set(args[1]!, args[2]!);
			return ok;
		case "CLIENT":
			if (args[0]!.toUpperCase() === "PAUSE")
				redis.pausedUntilMs = performance.now() + Number(args[1]);
			if (args[0]!.toUpperCase() === "UNPAUSE") redis.pausedUntilMs = 0;
			return ok;
		case "SETRANGE":
			return limit > 0 && limit < usedBytes && policy === "noeviction" ? "-OOM no\r\n" : ":0\r\n";
		case "SCAN": {
			const prefix = args[2]!.slice(0, -1).replaceAll("\\", "");
			const found = [...keys].filter((key) => key.startsWith(prefix));
			return list([bulk("0"), list(found.map(bulk))]);
		}
		case "UNLINK":
			return `:${args.filter((key) => keys.delete(key)).length}\r\n`;
		case "EXISTS":
			return `:${args.filter((key) => keys.has(key)).length}\r\n`;
		case "PING":
			return "+PONG\r\n";
		default:
			return ok;
	}
}
