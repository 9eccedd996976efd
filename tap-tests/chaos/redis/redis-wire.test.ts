import net from "node:net";
import t, { type Test } from "tap";
import { openRedisWire } from "../../../chaos/redis/redis-wire.ts";

/** Answers line by line as `answer` says; what came in, in pieces as they came. */
async function server(t: Test, answer: (line: string) => string) {
	const came: string[] = [];
	const listening = net.createServer((socket) => {
		socket.on("error", () => {});
		socket.on("data", (bytes: Buffer) => {
			const text = bytes.toString();
			came.push(text);
			for (const line of text.split("\r\n").slice(0, -1)) socket.write(answer(line));
		});
		t.teardown(() => socket.destroy());
	});
	await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
	t.teardown(() => listening.close());
	const { port } = listening.address() as net.AddressInfo;
	return { came, at: `127.0.0.1:${port}` };
}

t.test("it logs in with the first that it asks, and once", async (t) => {
	const { came, at } = await server(t, (line) =>
		line.startsWith("AUTH") ? "+OK\r\n" : "+PONG\r\n",
	);
	const wire = await openRedisWire(`redis://me:p%22w@${at}`);
	t.teardown(() => wire.destroy());
	t.equal(await wire.ask("PING"), "+PONG");
	t.same(came, ['AUTH "me" "p\\"w"\r\nPING\r\n'], "so that whoever waits, waits for both");
	t.equal(await wire.ask("PING"), "+PONG");
	t.equal(came[1], "PING\r\n");
});

t.test("the same goes for what is asked without a protocol", async (t) => {
	const { came, at } = await server(t, (line) =>
		line.startsWith("AUTH") ? "+OK\r\n" : "$1\r\nx\r\n",
	);
	const wire = await openRedisWire(`redis://:pw@${at}`);
	t.teardown(() => wire.destroy());
	const answer = await wire.bare.ask(Buffer.from("GET x\r\n"), (bytes) => bytes.length >= 7);
	t.equal(answer.toString(), "$1\r\nx\r\n", "without the answer to the login");
	t.match(came[0], /^AUTH "default" "pw"\r\nGET x\r\n$/);
});

t.test("who is refused is told so, and not what came after it", async (t) => {
	const { at } = await server(t, (line) =>
		line.startsWith("AUTH") ? "-WRONGPASS invalid username-password pair\r\n" : "-NOAUTH first\r\n",
	);
	const wire = await openRedisWire(`redis://me:guess@${at}`);
	await t.rejects(wire.ask("PING"), { message: "WRONGPASS invalid username-password pair" });
	await t.rejects(wire.ask("PING"), /closed/);
});

t.test("without a password nothing is said first", async (t) => {
	const { came, at } = await server(t, () => "-ERR no such command\r\n");
	const wire = await openRedisWire(`redis://${at}`);
	t.teardown(() => wire.destroy());
	await t.rejects(wire.ask("PONG"), { message: "ERR no such command" });
	t.same(came, ["PONG\r\n"]);
});
