import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { relayFor } from "../../../daemon/stack/socket-relay.ts";

async function served(t: Test, server: Server): Promise<string> {
	// The name of a socket has little room: a folder of the test's own would be too deep.
	const folder = mkdtempSync(join(tmpdir(), "flt-"));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	await new Promise<void>((resolve) => server.listen(`${folder}/.s.PGSQL.5432`, resolve));
	t.teardown(() => void server.close());
	const relay = await relayFor(`postgres://u@/d?host=${folder}`);
	t.teardown(() => relay!.close());
	return relay!.address;
}

const dial = (address: string) =>
	connect({ host: "127.0.0.1", port: Number(address.split(":")[1]) });

t.test("a relay carries both directions to the socket, and the end of each side", async (t) => {
	const address = await served(
		t,
		createServer((socket) => socket.pipe(socket)),
	);
	const client = dial(address);
	client.end("hello");
	let heard = "";
	for await (const bytes of client) heard += bytes;
	t.equal(heard, "hello");
});

t.test("where the server cuts a connection the client hears it", async (t) => {
	const address = await served(
		t,
		createServer((socket) => socket.destroy()),
	);
	const client = dial(address);
	client.on("error", () => {});
	client.resume();
	await once(client, "close");
	t.pass();
});

t.test("a server that listens on an address needs none", async (t) => {
	t.equal(await relayFor("postgres://u@h/d"), null);
});
