import http from "node:http";
import net, { type AddressInfo } from "node:net";
import t, { type Test } from "tap";
import { pause } from "../../base/clock.ts";
import type { Endpoint, EndpointKind } from "../../base/endpoint.ts";
import { describeTrip, Probe } from "../../chaos/probe.ts";
import { done, fakePostgres, refusal } from "../load/drivers/fake-postgres.ts";

type Mood = "answers" | "silent" | "broken";

/** A small server of one protocol, whose mood may change, and how many connections it has had. */
interface Service {
	at: Endpoint;
	mood: Mood;
	readonly opened: number;
	readonly open: number;
	cutAll(): void;
	close(): Promise<void>;
}

const limitMs = 60;
const patientMs = 30_000;

function listen(t: Test, server: net.Server, kind: EndpointKind, mood: () => Mood): Service {
	const sockets = new Set<net.Socket>();
	let opened = 0;
	server.on("connection", (socket) => {
		opened += 1;
		sockets.add(socket);
		socket.on("error", () => {}).on("close", () => sockets.delete(socket));
		if (mood() === "broken") socket.destroy();
	});
	const cutAll = () => {
		for (const socket of sockets) socket.destroy();
	};
	const close = () =>
		new Promise<void>((resolve) => {
			cutAll();
			server.close(() => resolve());
		});
	t.teardown(close);
	return {
		mood: "answers",
		cutAll,
		close,
		get at() {
			return endpointOf(kind, (server.address() as AddressInfo).port);
		},
		get opened() {
			return opened;
		},
		get open() {
			return sockets.size;
		},
	};
}

function endpointOf(kind: EndpointKind, port: number): Endpoint {
	const address = `127.0.0.1:${port}`;
	if (kind === "kafka") return { kind, brokers: [address] };
	return { kind, url: `${kind}://${address}` };
}

/** Answers each request as a whole once all its bytes are there; in several pieces, as networks do. */
function bytesServer(t: Test, kind: "redis" | "kafka", reply: (request: Buffer) => Buffer | null) {
	const server = net.createServer({ noDelay: true }, (socket) => {
		let bytes = Buffer.alloc(0);
		socket.on("data", (more: Buffer) => {
			bytes = Buffer.concat([bytes, more]);
			const answer = reply(bytes);
			if (answer === null) return;
			bytes = Buffer.alloc(0);
			if (service.mood !== "answers") return;
			socket.write(answer.subarray(0, 3));
			setImmediate(() => socket.write(answer.subarray(3)));
		});
	});
	const service = listen(t, server, kind, () => service.mood);
	return { service, server };
}

const services: Record<string, (t: Test) => Promise<Service>> = {
	async http(t) {
		const server = http.createServer((_, response) => {
			if (service.mood === "answers") response.writeHead(500).end("no, but I do speak");
		});
		const service: Service = listen(t, server, "http", () => service.mood);
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		return service;
	},
	async redis(t) {
		const { service, server } = bytesServer(t, "redis", (bytes) => {
			if (bytes.toString() === "PING\r\n") return Buffer.from("+PONG\r\n");
			// With a payload it is an array of two, and the payload comes back.
			const [head, payload = "", end] = bytes.toString().split(/(?<=PING\r\n\$\d+)\r\n|\r\n$/);
			const whole = `*2\r\n$4\r\nPING\r\n$${payload.length}` === head && end !== undefined;
			return whole ? Buffer.from(`$${payload.length}\r\n${payload}\r\n`) : null;
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		return service;
	},
	async kafka(t) {
		// ApiVersions v0: the size, the correlation id of the request, no error, no keys.
		const { service, server } = bytesServer(t, "kafka", (bytes) => {
			if (bytes.length < 4 || bytes.length < 4 + bytes.readInt32BE()) return null;
			const right =
				bytes.readInt16BE(4) === 18 && // ApiVersions, which every broker answers to anybody
				bytes.readInt16BE(6) === 0 &&
				bytes.length === 4 + bytes.readInt32BE() &&
				bytes.length === 14 + bytes.readInt16BE(12);
			if (!right) t.fail(`no broker answers ${bytes.toString("hex")}`);
			const answer = Buffer.alloc(14);
			answer.writeInt32BE(10, 0);
			bytes.copy(answer, 4, 8, 12);
			return answer;
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		return service;
	},
};

for (const [name, start] of Object.entries(services)) {
	t.test(
		`${name}: a service that answers is seen on the old connection and on new ones`,
		async (t) => {
			const service = await start(t);
			const probe = await Probe.open(service.at);
			t.teardown(() => probe.close());
			t.match(await probe.old(patientMs), { kind: "answered", error: null });
			const before = service.opened;
			t.match(await probe.old(patientMs), { kind: "answered" });
			t.equal(service.opened, before, "the old connection is one and the same");
			t.match(await probe.fresh(patientMs), { kind: "answered" });
			t.equal(service.opened, before + 1, "a fresh look opens a connection of its own");
			while (service.open > 1) await pause(1);
			t.pass("and closes it");
		},
	);

	t.test(`${name}: a round trip carries what it is asked to, there and back`, async (t) => {
		const service = await start(t);
		const probe = await Probe.open(service.at);
		t.teardown(() => probe.close());
		const ask = { sentBytes: 2_000, receivedBytes: 3_000 };
		for (const trip of [await probe.old(patientMs, ask), await probe.fresh(patientMs, ask)]) {
			t.equal(trip.kind, "answered", `${trip.error}`);
			const { sentBytes, receivedBytes } = trip.carried!;
			t.ok(sentBytes >= 2_000, `${sentBytes} out`);
			t.ok(receivedBytes >= 3_000, `${receivedBytes} in`);
		}
		t.equal((await probe.old(patientMs)).carried, undefined, "a small one does not say");
	});

	t.test(`${name}: an ended connection is seen to close`, async (t) => {
		const service = await start(t);
		const probe = await Probe.open(service.at);
		probe.close();
		t.match(await probe.hangUp(patientMs), { kind: "answered", error: null });
		while (service.open > 0) await pause(1);
	});

	t.test(`${name}: a service that accepts and says nothing is silent`, async (t) => {
		const service = await start(t);
		const probe = await Probe.open(service.at);
		t.teardown(() => probe.close());
		service.mood = "silent";
		t.match(await probe.old(limitMs), { kind: "silent", error: null });
		t.match(await probe.fresh(limitMs), { kind: "silent", error: null });
	});

	t.test(
		`${name}: connections that are cut, and ports where nobody listens, are broken`,
		async (t) => {
			const service = await start(t);
			const probe = await Probe.open(service.at);
			t.teardown(() => probe.close());
			service.mood = "silent";
			const waiting = probe.old(patientMs);
			await pause(5);
			service.cutAll();
			t.match(await waiting, { kind: "broken" }, "cut under a request");
			service.mood = "broken";
			t.match(await probe.fresh(patientMs), { kind: "broken" }, "cut as soon as it is open");
			await service.close();
			t.match(await probe.fresh(patientMs), { kind: "broken", error: "ECONNREFUSED" });
		},
	);

	t.test(
		`${name}: opened on a path that is broken already, it goes without an old connection`,
		async (t) => {
			const service = await start(t);
			const { at } = service;
			await service.close();
			const probe = await Probe.open(at);
			t.match(await probe.old(limitMs), { kind: "broken", error: "no connection from before" });
			probe.close();
		},
	);
}

t.test("postgres: a session is seen by a query, a refused one is broken", async (t) => {
	const server = await fakePostgres(t, (_, socket) => socket.write(done));
	const probe = await Probe.open({ kind: "postgres", url: server.url });
	t.match(await probe.old(patientMs), { kind: "answered" });
	t.match(await probe.fresh(patientMs), { kind: "answered" });
	probe.close();
	const nobody = await Probe.open({ kind: "postgres", url: "postgres://u@127.0.0.1:1/db" });
	t.match(await nobody.fresh(patientMs), { kind: "broken", error: "ECONNREFUSED" });
});

t.test("postgres: a round trip asks for its bytes, or says what it is given to say", async (t) => {
	const server = await fakePostgres(t, (statement, socket) =>
		socket.write(statement.startsWith("insert") ? refusal("ERROR", "25006") : done),
	);
	const probe = await Probe.open({ kind: "postgres", url: server.url });
	await probe.old(patientMs);
	const trip = await probe.old(patientMs, { sentBytes: 3, receivedBytes: 5 });
	t.match(trip, { kind: "answered", carried: { sentBytes: Number, receivedBytes: Number } });
	t.match(await probe.fresh(patientMs, { statement: "insert" }), {
		kind: "broken",
		error: "25006",
	});
	t.same(server.received, ["select 1", "select length('xxx'), repeat('x', 5)", "insert"]);
	probe.close();
});

t.test(
	"a connection that is held open after its end is silent, however well it answers",
	async (t) => {
		const held = net.createServer({ allowHalfOpen: true }, (socket) =>
			socket.on("data", () => socket.write("+PONG\r\n")),
		);
		const service = listen(t, held, "redis", () => "answers");
		await new Promise<void>((resolve) => held.listen(0, "127.0.0.1", resolve));
		const probe = await Probe.open(service.at);
		t.teardown(() => probe.close());
		t.match(await probe.fresh(patientMs), { kind: "answered" });
		t.match(await probe.hangUp(limitMs), { kind: "silent" });
	},
);

t.test(
	"http: a connection that breaks between two round trips is broken, not replaced",
	async (t) => {
		const service = await services.http!(t);
		const probe = await Probe.open(service.at);
		t.teardown(() => probe.close());
		service.cutAll();
		while (service.open > 0) await pause(1);
		for (let turn = 0; turn < 5; turn++) await pause(1); // until the client has noticed
		t.match(await probe.old(patientMs), { kind: "broken" });
		t.match(
			await probe.fresh(patientMs),
			{ kind: "answered" },
			"a new connection is another thing",
		);
	},
);

t.test("http: a server that closes after each answer answers", async (t) => {
	const server = http.createServer((_, response) =>
		response.setHeader("connection", "close").end("ok"),
	);
	const service = listen(t, server, "http", () => "answers");
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const probe = await Probe.open(service.at);
	t.match(await probe.old(patientMs, { receivedBytes: 1_000 }), { kind: "answered" });
	t.match(await probe.fresh(patientMs), { kind: "answered" });
	probe.close();
});

t.test("a service with small answers is asked for no more than 500 of them", async (t) => {
	let answers = 0;
	const server = http.createServer((_, response) => {
		answers += 1;
		response.end("ok");
	});
	const service = listen(t, server, "http", () => "answers");
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const probe = await Probe.open(service.at);
	t.teardown(() => probe.close());
	const before = answers;
	t.match(await probe.old(patientMs, { receivedBytes: 1e9 }), { kind: "answered" });
	t.equal(answers - before, 500);
});

t.test("an old connection that opens after its limit is closed again", async (t) => {
	const requests: http.ServerResponse[] = [];
	const server = http.createServer((_, response) => requests.push(response));
	server.keepAliveTimeout = 0; // it is the client that has to close
	const service = listen(t, server, "http", () => "answers");
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const probe = await Probe.open(service.at, limitMs);
	t.match(await probe.old(limitMs), { kind: "broken", error: "no connection from before" });
	t.equal(requests.length, 1);
	requests[0]!.end();
	while (service.open > 0) await pause(1);
	t.pass("nothing is left of it");
});

t.test("a closed probe has no old connection", async (t) => {
	const service = await services.redis!(t);
	const probe = await Probe.open(service.at);
	probe.close();
	probe.close();
	t.match(await probe.old(limitMs), { kind: "broken" });
	while (service.open > 0) await pause(1);
});

t.test("an endpoint that nobody can probe is named", async (t) => {
	const at = { kind: "carrier-pigeon", url: "" } as unknown as Endpoint;
	await t.rejects(Probe.open(at), { code: "FLT_KIND_UNKNOWN", message: /probe "carrier-pigeon"/ });
});

t.test("what was seen reads as words", (t) => {
	t.equal(describeTrip({ kind: "answered", ms: 12.4, error: null }), "answered in 12 ms");
	const carried = { sentBytes: 7, receivedBytes: 1_000 };
	t.equal(
		describeTrip({ kind: "answered", ms: 12.4, error: null, carried }),
		"answered in 12 ms, 7 bytes out, 1000 in",
	);
	t.equal(describeTrip({ kind: "silent", ms: 200, error: null }), "no answer in 200 ms");
	t.equal(
		describeTrip({ kind: "broken", ms: 1, error: "ECONNRESET" }),
		"broken after 1 ms (ECONNRESET)",
	);
	t.end();
});
