import { spawn } from "node:child_process";
import { once } from "node:events";
import net from "node:net";
import { createInterface } from "node:readline";
import t, { type Test } from "tap";
import { commandOf, listenersOn } from "../../base/listeners.ts";
import { claimablePort } from "../../base/port-holder.ts";
import { identifySelf, killTree } from "../../base/process.ts";
import { untapped } from "../untapped.ts";

/** A server whose worker has its socket, too; it says its port and the worker's pid. */
const forking = `
	const server = require("node:net").createServer().listen(0, "127.0.0.1", () => {
		const worker = require("node:child_process").spawn("sleep", ["60"],
			{ stdio: ["ignore", "ignore", "ignore", server._handle.fd] });
		worker.once("spawn", () => console.log(JSON.stringify({ port: server.address().port, worker: worker.pid })));
	});`;

async function forked(t: Test) {
	const child = spawn(...untapped(process.execPath, "-e", forking), {
		stdio: ["ignore", "pipe", "inherit"],
	});
	const [line] = (await once(createInterface(child.stdout!), "line")) as [string];
	const said = JSON.parse(line) as { port: number; worker: number };
	t.teardown(async () => {
		const [server] = await listenersOn(said.port);
		if (server !== undefined) await killTree(server, { graceMs: 0 });
	});
	return { ...said, pid: child.pid! };
}

t.test("whoever listens on a port is found, and on one where nobody does, nobody", async (t) => {
	const server = net.createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as net.AddressInfo;
	t.same(await listenersOn(port), [identifySelf()]);
	server.close();
	t.same(await listenersOn(port), []);
});

t.test("of a process and its workers, which have one socket, it is the process", async (t) => {
	const { port, pid, worker } = await forked(t);
	t.same(
		(await listenersOn(port)).map((listener) => listener.pid),
		[pid],
		`and not ${worker}`,
	);
	t.match(commandOf(pid), /-e/);
});

t.test("a port that is taken is refused with who has it and what to do", async (t) => {
	const server = net.createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.teardown(() => server.close());
	const { port } = server.address() as net.AddressInfo;
	await t.rejects(claimablePort(port, "127.0.0.1", "take another"), {
		code: "FLT_PORT_TAKEN",
		message: new RegExp(`^port ${port} on 127.0.0.1 is taken by pid ${process.pid} \\(`),
		hint: "take another",
	});
	await claimablePort(0, "127.0.0.1", "any is free");
});
