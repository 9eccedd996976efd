import { spawn } from "node:child_process";
import net from "node:net";
import t, { type Test } from "tap";
import { identify, identifySelf, isAlive, killTree } from "../../../base/process.ts";
import { ExternalProcess } from "../../../daemon/stage/external-process.ts";
import { untapped } from "../../untapped.ts";
import { someone, supervised } from "./someone.ts";

const on = (port: number) => ({ host: "127.0.0.1", port });
const processOf = (
	port: number,
	pid: number | null = null,
	own = [] as ReturnType<typeof identify>[],
) =>
	new ExternalProcess({
		path: "api",
		at: on(port),
		pid,
		own: async () => own.filter((one) => one !== null),
	});

function sleeper(t: Test) {
	const child = spawn(...untapped("sleep", "60"), { stdio: "ignore" });
	const identity = identify(child.pid!)!;
	t.teardown(() => killTree(identity, { graceMs: 0 }));
	return identity;
}

t.test(
	"who listens on the port is the process, and the one that took its place after it",
	async (t) => {
		const api = await supervised(t);
		const external = processOf(api.port);
		t.equal(external.known, null, "nobody has looked yet");
		t.same(await external.toBreak(), api.process);
		await killTree(api.process, { graceMs: 0 });
		await external.comeBack();
		const second = await external.toBreak();
		t.not(second.pid, api.process.pid);
		t.ok(isAlive(second));
		t.same(external.known, second);
	},
);

t.test(
	"what nobody starts again is told when its time is over, once for all that ask",
	async (t) => {
		const api = await someone(t);
		const external = new ExternalProcess({
			path: "api",
			at: on(api.port),
			pid: null,
			own: async () => [],
			backLimitMs: 300,
		});
		await external.toBreak();
		await api.stop();
		const startMs = performance.now();
		const told = {
			code: "FLT_HEAL_FAILED",
			message:
				/process \d+ of path "api" was ended, and within 0\.3 s nobody listened on 127\.0\.0\.1:\d+ again.*: start it yourself/,
		};
		await t.rejects(external.comeBack(), told);
		const waitedMs = performance.now() - startMs;
		t.ok(waitedMs >= 300, `${waitedMs} ms`);
		const againMs = performance.now();
		await t.rejects(external.comeBack(), told);
		t.ok(performance.now() - againMs < waitedMs, "who asks again does not wait again");
		await t.rejects(external.toBreak(), { code: "FLT_COMPONENT_MISSING", message: /no process/ });

		const again = await someone(t, api.port);
		await external.comeBack();
		t.same(await external.toBreak(), again.process, "it is there again, late as it is");

		await again.stop();
		await t.rejects(external.comeBack(), told);
		t.type(await external.look(), "string");
		const server = net.createServer();
		t.teardown(() => server.close());
		await new Promise<void>((resolve) => server.listen(api.port, "127.0.0.1", resolve));
		await external.comeBack();
		t.same(external.known, identifySelf(), "it came just after a look that found nobody");
	},
);

t.test(
	"a named process is that very one, and who listens after it only where it listened",
	async (t) => {
		const api = await supervised(t);
		const named = processOf(api.port, api.process.pid);
		t.same(await named.toBreak(), api.process);
		await killTree(api.process, { graceMs: 0 });
		await named.comeBack();
		t.not((await named.toBreak()).pid, api.process.pid);

		const other = sleeper(t);
		const worker = processOf(api.port, other.pid);
		t.same(await worker.toBreak(), other);
		await killTree(other, { graceMs: 0 });
		await worker.comeBack();
		await t.rejects(worker.toBreak(), { message: /has ended, and it did not listen there/ });
		await t.rejects(processOf(api.port, other.pid).toBreak(), { message: /there is no process/ });
	},
);

t.test("where nobody can be told, or several listen, it is said", async (t) => {
	const server = net.createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as net.AddressInfo;
	server.close();
	t.match(await processOf(port).look(), /no process of this user is seen to listen on port/);
	const far = new ExternalProcess({
		path: "api",
		at: { host: "db.example", port: 5432 },
		pid: null,
		own: async () => [],
	});
	t.match(await far.look(), /db.example is not on this machine/);
	const socket = new ExternalProcess({ path: "db", at: null, pid: null, own: async () => [] });
	t.match(await socket.look(), /behind a socket/);
});

t.test(
	"it is looked at by whoever reads, and refused to whoever breaks, where it is ours",
	async (t) => {
		const server = net.createServer();
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		t.teardown(() => server.close());
		const own = processOf((server.address() as net.AddressInfo).port);
		t.same(await own.look(), identifySelf());
		await t.rejects(own.toBreak(), {
			code: "FLT_FORBIDDEN",
			message: /path "api": process \d+ \(.+\) is not touched: it is this daemon/,
		});
		const api = await someone(t);
		await t.rejects(processOf(api.port, null, [api.process]).toBreak(), {
			message: /is part of a testbed/,
		});
	},
);
