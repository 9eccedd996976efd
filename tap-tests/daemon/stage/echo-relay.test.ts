import { once } from "node:events";
import net, { type AddressInfo } from "node:net";
import t, { type Test } from "tap";
import { hostPortOf } from "../../../base/host-port.ts";
import { Probe } from "../../../chaos/probe.ts";
import { openEchoRelay } from "../../../daemon/stage/echo-relay.ts";

const patientMs = 30_000;

/** A service with a protocol of its own: it greets, and answers each line with the number of its letters. */
async function counting(t: Test, greeting = "") {
	const sockets = new Set<net.Socket>();
	const ends: string[] = [];
	const server = net.createServer({ allowHalfOpen: true }, (socket) => {
		sockets.add(socket);
		let said = "";
		if (greeting !== "") socket.write(greeting);
		socket.on("error", () => {});
		socket.on("data", (bytes) => {
			const lines = (said.slice(said.lastIndexOf("\n") + 1) + bytes).split("\n");
			said += bytes;
			for (const line of lines.slice(0, -1)) socket.write(`${line.length}\n`);
		});
		socket.on("end", () => {
			ends.push(said);
			socket.end("bye\n");
		});
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	t.teardown(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	const { port } = server.address() as AddressInfo;
	const relay = await openEchoRelay({ host: "127.0.0.1", port });
	t.teardown(() => relay.close());
	return { relay, port, ends, server, sockets };
}

async function client(t: Test, address: string) {
	const socket = net.connect({ ...hostPortOf(address), allowHalfOpen: true });
	t.teardown(() => socket.destroy());
	let heard = "";
	socket.setEncoding("utf8").on("data", (text) => {
		heard += text;
	});
	const hears = async (wanted: string) => {
		while (!heard.includes(wanted)) await once(socket, "data");
		return heard;
	};
	return { socket, hears };
}

t.test(
	"what a client and the service say to each other passes, whoever speaks first",
	async (t) => {
		const { relay, ends } = await counting(t, "hello\n");
		const { socket, hears } = await client(t, relay.address);
		t.equal(await hears("hello\n"), "hello\n", "before a word was said");
		socket.write("four\nfa");
		await hears("4\n");
		socket.write("ultline\n");
		await hears("9\n");
		socket.end();
		t.equal(
			await hears("bye\n"),
			"hello\n4\n9\nbye\n",
			"an end is handed on, and what comes after it",
		);
		t.same(ends, ["four\nfaultline\n"]);
	},
);

t.test("what begins like the relay's own word, and is none, passes as it is", async (t) => {
	const { relay } = await counting(t);
	const { socket, hears } = await client(t, relay.address);
	socket.write(relay.echo.slice(0, 20));
	socket.write("!\n");
	await hears("21\n");
	const other = await client(t, relay.address);
	other.socket.end(relay.echo.slice(0, 3));
	await other.hears("bye\n");
	t.pass("also where no more comes");
});

t.test("a probe is answered by the relay, and the service hears nothing of it", async (t) => {
	for (const greeting of [
		"",
		"a greeting that is longer than the relay's own word, by some letters\n",
	]) {
		const { relay, ends, sockets } = await counting(t, greeting);
		const at = { kind: "tcp" as const, url: `tcp://${relay.address}`, echo: relay.echo };
		const probe = await Probe.open(at);
		t.match(await probe.old(patientMs), { kind: "answered" });
		t.match(await probe.old(patientMs, { sentBytes: 5_000 }), {
			kind: "answered",
			carried: { sentBytes: 5_000, receivedBytes: 5_000 },
		});
		const trip = await probe.fresh(patientMs, { receivedBytes: 9_000 });
		t.equal(trip.kind, "answered");
		t.ok(trip.carried!.receivedBytes >= 9_000);
		t.match(await probe.hangUp(patientMs), { kind: "answered" }, "an end comes back");
		probe.close();
		t.same(ends.join(""), "");
		t.ok(sockets.size > 0, "but it was connected to");
	}
});

t.test("a service that takes no connections is seen by who comes through the relay", async (t) => {
	const { relay, server, sockets } = await counting(t);
	server.close();
	for (const socket of sockets) socket.destroy();
	const { socket } = await client(t, relay.address);
	await once(socket, "end");
	t.pass("it is cut");
});

t.test("a probe without a relay sees that a connection is taken, and no more", async (t) => {
	const { port, server } = await counting(t);
	const at = { kind: "tcp" as const, url: `tcp://127.0.0.1:${port}` };
	const probe = await Probe.open(at);
	t.match(await probe.fresh(patientMs), { kind: "answered" });
	probe.close();
	server.close();
	t.match(await (await Probe.open(at)).fresh(patientMs), { kind: "broken", error: "ECONNREFUSED" });
});
