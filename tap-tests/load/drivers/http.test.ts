import { createServer } from "node:http";
import {
	type AddressInfo,
	createServer as createTcpServer,
	type Server as NetServer,
	type Socket,
} from "node:net";
import t, { type Test } from "tap";
import { stream } from "../../../base/random.ts";
import http, { type HttpClient } from "../../../load/drivers/http.ts";
import { errorText } from "../../../load/error-text.ts";
import type { Issue, IssuedOperation } from "../../../load/operation.ts";
import { OperationError, outcomeOf } from "../../../load/outcome.ts";

async function listen(t: Test, server: NetServer): Promise<string> {
	const sockets = new Set<Socket>();
	server.on("connection", (socket: Socket) => sockets.add(socket));
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
	t.teardown(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function clientOf(t: Test, url: string, connections: number): Promise<HttpClient> {
	const { signal } = new AbortController();
	const client = await http.open({ kind: "http", url }, { connections, signal });
	t.teardown(() => http.close(client));
	return client;
}

const outcomeOfError = (error: unknown) => outcomeOf(error, [http]);

t.test("sends method, path, headers and body, and hands on what was answered", async (t) => {
	const url = await listen(
		t,
		createServer(async (request, response) => {
			const chunks: Buffer[] = [];
			for await (const chunk of request) chunks.push(chunk as Buffer);
			response.writeHead(409, { "x-seen": request.headers["x-mine"] });
			response.end(`${request.method} ${request.url} ${Buffer.concat(chunks)}`);
		}),
	);
	const client = await clientOf(t, `${url}/base/`, 1);
	t.match(
		await client.request({ method: "POST", path: "/a?b=1", headers: { "x-mine": "7" }, body: "é" }),
		{ status: 409, headers: { "x-seen": "7" }, body: "POST /base/a?b=1 é" },
		"a status is no error",
	);
	t.same(http.counters(client), { attempts: 1 }, "opening sent no request");
});

t.test("attempts are as many as the server received, whenever requests are aborted", async (t) => {
	const random = stream(1, "aborts");
	let received = 0;
	const url = await listen(
		t,
		createServer((request, response) => {
			received++;
			request.resume();
			setTimeout(() => response.end("ok"), random() * 3);
		}),
	);
	const client = await clientOf(t, url, 20);
	const outcomes = { ok: 0, fail: 0, unknown: 0 };
	let left = 6000;
	const caller = async () => {
		while (left-- > 0) {
			const aborter = new AbortController();
			const when = random();
			const abort = () => aborter.abort();
			// Around each step of sending: same turn, before the connect, at the connect, while it is answered.
			if (when < 0.1) process.nextTick(abort);
			else if (when < 0.2) queueMicrotask(abort);
			else if (when < 0.35) setImmediate(abort);
			else if (when < 0.4) setImmediate(() => setImmediate(abort));
			else if (when < 0.6) setTimeout(abort, random() * 3);
			const { signal } = aborter;
			try {
				await client.request({ method: "POST", path: "/", body: "x".repeat(100), signal });
				outcomes.ok++;
			} catch (error) {
				outcomes[outcomeOfError(error).kind]++;
			}
		}
	};
	await Promise.all(Array.from({ length: 40 }, caller));
	// What was sent last may still be on its way to the server.
	await client.request({ path: "/last" });
	for (let i = 0; i < 1000 && received < client.attempts; i++)
		await new Promise((resolve) => setTimeout(resolve, 1));
	t.equal(client.attempts, received);
	t.ok(outcomes.ok > 500 && outcomes.fail > 500 && outcomes.unknown > 100, "all ways were taken");
	t.equal(outcomes.ok + outcomes.unknown + 1, received, "and fail means never sent");
});

t.test("a refused connection is a fail, a connection lost after sending is unknown", async (t) => {
	const tcp = createTcpServer((socket) => {
		socket.on("error", () => {});
		socket.once("data", () => socket.resetAndDestroy());
	});
	const url = await listen(t, tcp);
	const client = await clientOf(t, url, 1);
	const lost = await client.request({ path: "/" }).catch(outcomeOfError);
	t.same(lost, { kind: "unknown", code: "ECONNRESET" });
	t.equal(client.attempts, 1);
	await new Promise((resolve) => tcp.close(resolve));
	const refused = await client.request({ path: "/" }).catch(outcomeOfError);
	t.same(refused, { kind: "fail", code: "ECONNREFUSED" });
	t.equal(client.attempts, 1);
});

t.test("a request that can't be written is a fail, and says why", async (t) => {
	const url = await listen(
		t,
		createServer((_, response) => void response.end()),
	);
	const client = await clientOf(t, url, 1);
	const rows = [
		[{ headers: { "x-bad": "a\nb" } }, "ERR_INVALID_CHAR", /x-bad/],
		[{ headers: { "x y": "a" } }, "ERR_INVALID_HTTP_TOKEN", /x y/],
		[{ method: "G T" }, "ERR_INVALID_HTTP_TOKEN", /G T/],
	] as const;
	for (const [request, code, said] of rows) {
		const error: unknown = await client.request({ path: "/", ...request }).catch((error) => error);
		t.same(outcomeOfError(error), { kind: "fail", code });
		t.match(errorText(error), said);
	}
	t.equal(client.attempts, 0);
});

t.test("a repeated request that is redirected is ok, and where it leads is counted", async (t) => {
	let n = 0;
	const url = await listen(
		t,
		createServer((_, response) => {
			const status = [301, 302, 304, 200, 500][n++ % 5]!;
			response.writeHead(status, { location: `/${status}` }).end();
		}),
	);
	const client = await clientOf(t, url, 1);
	const issue = http.repeat(
		client,
		{ kind: "http", method: "GET", path: "/{n}", headers: [], body: null },
		1,
	) as Issue;
	const ended: unknown[] = [];
	for (let i = 0; i < 5; i++)
		await new Promise<void>((resolve) => {
			const end = (how: unknown) => {
				ended.push(how instanceof Error ? how.message : "ok");
				resolve();
			};
			issue({ n: i, succeed: end, fail: end } as unknown as IssuedOperation);
		});
	t.same(ended, ["ok", "ok", "ok", "ok", "500 Internal Server Error to GET /{n}"]);
	t.same(http.counters(client), {
		attempts: 5,
		"redirect 301 to /301": 1,
		"redirect 302 to /302": 1,
	});
});

t.test("aborting destroys the request's socket, and says why in the code", async (t) => {
	const closed = Promise.withResolvers<void>();
	const requested = Promise.withResolvers<void>();
	const url = await listen(
		t,
		createServer((request) => {
			request.socket.once("close", () => closed.resolve());
			requested.resolve();
		}),
	);
	const client = await clientOf(t, url, 1);
	const aborter = new AbortController();
	const outcome = client.request({ path: "/", signal: aborter.signal }).catch(outcomeOfError);
	const waiting = client.request({ path: "/", signal: aborter.signal }).catch(outcomeOfError);
	await requested.promise;
	aborter.abort(new OperationError("unknown", "deadline"));
	t.same(await outcome, { kind: "unknown", code: "deadline" });
	t.same(await waiting, { kind: "fail", code: "deadline" }, "waited for a connection, never sent");
	await closed.promise;
	t.same(await client.request({ path: "/", signal: AbortSignal.abort() }).catch(outcomeOfError), {
		kind: "fail",
		code: "aborted",
	});
});

t.test("requests that wait for the same connection each get their own answer, whole", async (t) => {
	const url = await listen(
		t,
		createServer(({ url = "" }, response) => {
			response.setHeader("x-path", url);
			response.end(`body of ${url}`);
		}),
	);
	const client = await clientOf(t, url, 1);
	const paths = ["/a", "/b", "/c", "/d"];
	const answers = await Promise.all(paths.map((path) => client.request({ path })));
	t.match(
		answers,
		paths.map((path) => ({ status: 200, headers: { "x-path": path }, body: `body of ${path}` })),
	);
});

t.test("an answer that is cut off is unknown", async (t) => {
	const url = await listen(
		t,
		createServer((_, response) => {
			response.writeHead(200, { "content-length": 100 });
			response.write("half", () => response.destroy());
		}),
	);
	const client = await clientOf(t, url, 1);
	t.match(await client.request({ path: "/" }).catch(outcomeOfError), { kind: "unknown" });
});

t.test("opening fails where nothing listens", async (t) => {
	await t.rejects(clientOf(t, "http://127.0.0.1:1", 1), {
		code: "FLT_COMPONENT_MISSING",
		message: /ECONNREFUSED/,
	});
	await t.rejects(clientOf(t, "ftp://127.0.0.1", 1), { code: "FLT_PLAN_INVALID" });
});
