import net, { type AddressInfo } from "node:net";
import t from "tap";
import { roundTrip } from "../../../daemon/stack/wire.ts";

t.test("who does not answer is told by its address, IPv6 in brackets", async (t) => {
	for (const [host, shown] of [
		["127.0.0.1", /^127\.0\.0\.1:\d+ closed the connection$/],
		["::1", /^\[::1\]:\d+ closed the connection$/],
	] as const) {
		const server = net.createServer((socket) => socket.resume().end());
		await new Promise<void>((resolve) => server.listen(0, host, resolve));
		t.teardown(() => server.close());
		const { port } = server.address() as AddressInfo;
		await t.rejects(
			roundTrip({ host, port }, "hello", () => null, 10_000),
			{ message: shown },
		);
	}
});

t.test("pieces of an answer are read together", async (t) => {
	const server = net.createServer((socket) => {
		socket.on("error", () => {});
		socket.write("+PO");
		socket.once("data", () => socket.write("NG\r\n"));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.teardown(() => server.close());
	const { port } = server.address() as AddressInfo;
	const read = (answer: Buffer) => /^\+(\w+)\r\n$/.exec(answer.toString())?.[1] ?? null;
	t.equal(await roundTrip({ host: "127.0.0.1", port }, "PING\r\n", read, 10_000), "PONG");
});
