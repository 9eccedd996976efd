import { once } from "node:events";
import { readFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import tls from "node:tls";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import type { Endpoint, TlsFiles } from "../../../base/endpoint.ts";
import redis from "../../../load/drivers/redis.ts";
import redisWire from "../../../load/drivers/redis-wire.ts";
import { errorText } from "../../../load/error-text.ts";
import type { IssuedOperation } from "../../../load/operation.ts";
import { outcomeOf } from "../../../load/outcome.ts";
import type { RedisWireClient } from "../../../load/wire/redis-client.ts";

const certFile = fileURLToPath(new URL("../fixtures/localhost-cert.pem", import.meta.url));
const keyFile = fileURLToPath(new URL("../fixtures/localhost-key.pem", import.meta.url));
const [cert, key] = [readFileSync(certFile, "utf8"), readFileSync(keyFile, "utf8")];

interface Behaviour {
	/** User, a space, password; null asks for none. */
	account?: string;
	info?: string;
}

/** A Redis that knows accounts and databases; a GET answers with both of its connection. */
function serve(socket: net.Socket, { account, info = "" }: Behaviour): void {
	let isKnown = account === undefined;
	let database = 0;
	let text = "";
	const bulk = (value: string) => `$${value.length}\r\n${value}\r\n`;
	const answer = ([name = "", ...args]: string[]): string => {
		if (name === "AUTH") {
			const given = args.length === 1 ? `default ${args[0]}` : args.join(" ");
			if (account === undefined) return "-ERR AUTH without any password configured\r\n";
			isKnown = given === account;
			return isKnown ? "+OK\r\n" : "-WRONGPASS invalid username-password pair\r\n";
		}
		if (name === "HELLO") return "-ERR unknown command 'HELLO'\r\n";
		if (!isKnown) return "-NOAUTH Authentication required.\r\n";
		if (name === "SELECT" && Number(args[0]) > 15) return "-ERR DB index is out of range\r\n";
		if (name === "SELECT") database = Number(args[0]);
		if (name === "INFO") return bulk(info);
		if (name === "LPUSH") return "-WRONGTYPE no list\r\n";
		return name === "GET" ? bulk(`db ${database}`) : "+OK\r\n";
	};
	socket.on("error", () => {});
	socket.on("data", (bytes) => {
		text += bytes;
		for (;;) {
			const count = /^\*(\d+)\r\n/.exec(text);
			if (count === null) return;
			const lines = text.split("\r\n").slice(1, 1 + 2 * Number(count[1]));
			const length = [count[0], ...lines].join("\r\n").length;
			if (lines.length < 2 * Number(count[1]) || text.length < length) return;
			text = text.slice(length);
			const words = lines.filter((_, i) => i % 2 === 1);
			socket.write(answer([words[0]!.toUpperCase(), ...words.slice(1)]));
		}
	});
}

async function listening(t: Test, server: net.Server, at: net.ListenOptions) {
	const sockets = new Set<net.Socket>();
	server.on("connection", (socket) => sockets.add(socket));
	server.listen(at);
	await once(server, "listening");
	t.teardown(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	return server.address();
}

async function plain(t: Test, behaviour: Behaviour, host = "127.0.0.1"): Promise<number> {
	const server = net.createServer((socket) => serve(socket, behaviour));
	return ((await listening(t, server, { port: 0, host })) as net.AddressInfo).port;
}

const drivers = { redis, "redis-wire": redisWire };

/** What GET answers on a client of each driver, or why there is none. */
async function answers(t: Test, url: string, files?: TlsFiles): Promise<Record<string, unknown>> {
	const at: Endpoint = { kind: "redis", url, ...(files === undefined ? {} : { tls: files }) };
	const signal = AbortSignal.timeout(10_000);
	const seen: Record<string, unknown> = {};
	for (const [name, driver] of Object.entries(drivers)) {
		try {
			const client = (await driver.open(at, { connections: 2, signal })) as Awaited<
				ReturnType<typeof redisWire.open>
			>;
			t.teardown(() => client.close());
			t.equal(client.attempts, 0, "what opening asks is no part of the load");
			const both = [client.command(["GET", "a"]), client.command(["GET", "b"])];
			seen[name] = (await Promise.all(both)).join(", ");
		} catch (error) {
			seen[name] = (error as Error).message;
		}
	}
	return seen;
}

const alike = (said: string | RegExp) => ({ redis: said, "redis-wire": said });

t.test("both drivers work as the user, and in the database, that the URL names", async (t) => {
	const open = await plain(t, {});
	const closed = await plain(t, { account: "joe p@ss" });
	const alone = await plain(t, { account: "default pw" });
	t.same(await answers(t, `redis://127.0.0.1:${open}`), alike("db 0, db 0"));
	t.same(await answers(t, `redis://127.0.0.1:${open}?db=3`), alike("db 3, db 3"));
	t.same(await answers(t, `redis://joe:p%40ss@127.0.0.1:${closed}/2`), alike("db 2, db 2"));
	t.same(await answers(t, `redis://:pw@127.0.0.1:${alone}`), alike("db 0, db 0"));
	t.match(await answers(t, `redis://127.0.0.1:${closed}`), alike(/NOAUTH/));
	t.match(await answers(t, `redis://joe:no@127.0.0.1:${closed}`), alike(/WRONGPASS/));
	t.match(await answers(t, `redis://127.0.0.1:${open}/99`), alike(/DB index is out of range/));
	t.match(await answers(t, `redis://:pw@127.0.0.1:${open}`), alike(/AUTH without any password/));
});

t.test("they speak over IPv6 and a Unix socket", async (t) => {
	const path = join(t.testdir({}), "s");
	await listening(
		t,
		net.createServer((socket) => serve(socket, {})),
		{ path },
	);
	t.same(await answers(t, `unix://${encodeURI(path)}?db=4`), alike("db 4, db 4"));
	try {
		const port = await plain(t, {}, "::1");
		t.same(await answers(t, `redis://[::1]:${port}`), alike("db 0, db 0"));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EADDRNOTAVAIL") throw error;
	}
});

t.test("they speak TLS, with whom they trust and who they are from files", async (t) => {
	const secure = async (options: tls.TlsOptions) => {
		const server = tls.createServer({ cert, key, ...options }, (socket) => serve(socket, {}));
		server.on("tlsClientError", () => {});
		return ((await listening(t, server, { port: 0, host: "127.0.0.1" })) as net.AddressInfo).port;
	};
	const open = await secure({});
	const closed = await secure({ requestCert: true, rejectUnauthorized: true, ca: cert });
	const trusting = { ca: certFile, cert: null, key: null };
	const known = { ca: certFile, cert: certFile, key: keyFile };
	t.same(await answers(t, `rediss://localhost:${open}/5`, trusting), alike("db 5, db 5"));
	t.same(await answers(t, `rediss://localhost:${closed}`, known), alike("db 0, db 0"));
	t.match(await answers(t, `rediss://localhost:${open}`), alike(/self-signed certificate/));
	t.notMatch(await answers(t, `rediss://localhost:${closed}`, trusting), alike(/db 0/));
});

t.test("what the server refuses is a fail, said with its command", async (t) => {
	const port = await plain(t, {});
	const at: Endpoint = { kind: "redis", url: `redis://127.0.0.1:${port}` };
	const signal = AbortSignal.timeout(10_000);
	for (const [name, driver] of Object.entries(drivers)) {
		const client = await driver.open(at, { connections: 1, signal });
		t.teardown(() => (client as RedisWireClient).close());
		const issue = (driver as typeof redisWire).repeat(
			client as RedisWireClient,
			{ kind: "redis", command: ["LPUSH", "k:{n}", "v"] },
			1,
		);
		const error = await new Promise((resolve) => {
			issue({ n: 7, succeed: resolve, fail: resolve } as unknown as IssuedOperation);
		});
		t.same(outcomeOf(error, [driver]), { kind: "fail", code: "WRONGTYPE" }, name);
		t.equal(errorText(error), "WRONGTYPE no list (LPUSH k:7 v)", name);
	}
});

t.test("a node of a cluster is refused before the load", async (t) => {
	const port = await plain(t, { info: "# Cluster\r\ncluster_enabled:1\r\n" });
	const said = /node of a Redis cluster \(cluster_enabled:1\)/;
	t.match(await answers(t, `redis://127.0.0.1:${port}`), alike(said));
});
