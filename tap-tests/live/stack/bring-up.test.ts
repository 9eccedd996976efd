import { getPriority } from "node:os";
import t from "tap";
import { raisesPriorities } from "../../../base/priority.ts";
import { findMarked } from "../../../base/process.ts";
import { foldersOf } from "../../../daemon/home/home.ts";
import { ToxiproxyClient } from "../../../toxiproxy/client.ts";
import { proxyTable, standingProxyName } from "../../../toxiproxy/proxies.ts";
import { temporaryHome } from "../daemon.ts";
import { roundTrip, writeTrip } from "./round-trips.ts";
import { opened, up } from "./stack-helper.ts";

t.setTimeout(300_000);

t.test("the native stack comes up, carries data both ways round, and leaves nothing", async (t) => {
	const home = temporaryHome(t);
	const { stack } = await opened(t, home);
	const { endpoint } = up(stack, "toxiproxy");
	t.equal(endpoint.kind, "http");
	const toxiproxy = new ToxiproxyClient(endpoint.kind === "http" ? endpoint.url : "");

	for (const { name } of proxyTable) {
		await t.test(
			`${name} answers directly and through its proxy, where a toxic is felt`,
			async (t) => {
				const { endpoint: direct, proxied, how, version, root } = up(stack, name);
				t.equal(how, "native");
				// Where it can be raised while something is measured, it is as any other's until then.
				const nice = raisesPriorities() ? 0 : 5;
				t.equal(getPriority(root!.pid), nice, "it gives way to the load");
				t.match(version, /^\d+\.\d+/);
				await roundTrip(direct);
				const proxy = standingProxyName(home.id, name);
				await roundTrip(proxied!);
				await toxiproxy.addToxic(proxy, {
					name: "slow",
					type: "latency",
					stream: "downstream",
					toxicity: 1,
					attributes: { latency: 300, jitter: 0 },
				});
				const slowMs = await writeTrip(proxied!);
				const directMs = await writeTrip(direct);
				await toxiproxy.removeToxic(proxy, "slow");
				t.ok(slowMs >= 300, `through the proxy: ${slowMs} ms`);
				t.ok(directMs < slowMs, `directly: ${directMs} ms`);
				t.ok((await writeTrip(proxied!)) < slowMs, "gone with the toxic");
			},
		);
	}

	t.test("who starts a service again that is being started again gets the same one", async (t) => {
		const before = up(stack, "redis");
		process.kill(before.root!.pid, "SIGKILL");
		await Promise.all([stack.restart("redis"), stack.restart("redis"), stack.revive()]);
		const after = up(stack, "redis");
		t.not(after.root?.pid, before.root?.pid);
		await roundTrip(after.endpoint);
		await stack.restart("redis");
		t.not(up(stack, "redis").root?.pid, after.root?.pid, "a later call starts another");
	});

	t.test("a service that was killed starts again on its port", async (t) => {
		// Kafka, which takes as long as all of these, is killed where faults are tested.
		for (const id of ["postgres", "redis", "toxiproxy"] as const) {
			const before = up(stack, id);
			// The root alone: its children must not keep the new one from starting.
			process.kill(before.root!.pid, "SIGKILL");
			await stack.restart(id);
			const after = up(stack, id);
			t.not(after.root?.pid, before.root?.pid, id);
			t.same(after.endpoint, before.endpoint);
			await roundTrip(after.endpoint);
		}
		const names = (await toxiproxy.listProxies()).map(({ name }) => name);
		const standing = proxyTable.map(({ name }) => standingProxyName(home.id, name));
		t.same(names.toSorted(), standing.toSorted(), "a new Toxiproxy gets its proxies back");
	});

	t.test("closing ends everything", async (t) => {
		const began = performance.now();
		await stack.close();
		const ms = performance.now() - began;
		t.comment(`closed in ${ms.toFixed(0)} ms`);
		t.same(await findMarked(home.id, ...foldersOf(home)), []);
		t.equal(stack.status().postgres.state, "missing");
	});
});
