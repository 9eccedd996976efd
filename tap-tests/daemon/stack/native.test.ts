import "../bare-node.ts";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import t, { type Test } from "tap";
import { killTree } from "../../../base/process.ts";
import { openHome } from "../../../daemon/home/home.ts";
import { loadServices } from "../../../daemon/stack/load-services.ts";
import { markedEnv, type NativePlan, start } from "../../../daemon/stack/native.ts";

/** A service that listens when it has thought about it, and ends where its port is taken, as a broker does. */
const program = `
	const port = Number(process.argv[2]);
	setTimeout(() => require("node:net").createServer().listen(port, "127.0.0.1"), 400);`;

async function planFor(t: Test, port: number): Promise<NativePlan> {
	const folder = t.testdir({ "service.cjs": program });
	const home = openHome(join(folder, "home"));
	const service = (await loadServices()).get("s3")!;
	return {
		id: "s3",
		home,
		version: "1",
		ports: { [service.ports[0]!]: port },
		endpoint: { kind: "http", url: `http://127.0.0.1:${port}` },
		env: markedEnv(home),
		signal: new AbortController().signal,
		launch: {
			file: process.execPath,
			args: [join(folder, "service.cjs"), `${port}`],
			variables: {},
			folder,
			configuration: "",
			user: null,
			staleFiles: [],
			beforeStart: null,
		},
		service: {
			...service,
			async probe() {
				const socket = connect(port, "127.0.0.1");
				await once(socket, "connect");
				socket.destroy();
				return null;
			},
		},
	};
}

async function heldPort(): Promise<{ port: number; free(): void }> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	return { port: (server.address() as AddressInfo).port, free: () => void server.close() };
}

t.test("a service is up once it answers itself", async (t) => {
	const { port, free } = await heldPort();
	free();
	const running = await start(await planFor(t, port));
	t.match(running, { how: "native", version: "1" });
	await killTree(running.root, { graceMs: 0 });
});

t.test("a service whose port another program has is not up because that one answers", async (t) => {
	const { port, free } = await heldPort();
	t.teardown(free);
	await t.rejects(start(await planFor(t, port)), {
		code: "FLT_COMPONENT_MISSING",
		message: /it ended before it was ready, with code 1; its log ends/,
	});
});
