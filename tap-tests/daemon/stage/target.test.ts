import http from "node:http";
import type net from "node:net";
import t, { type Test } from "tap";
import { freezeTree, identifySelf, thawTree } from "../../../base/process.ts";
import type { ServiceProcess } from "../../../base/services.ts";
import { ExternalProcess } from "../../../daemon/stage/external-process.ts";
import { RunTarget, type TargetStack } from "../../../daemon/stage/target.ts";
import { someone } from "./someone.ts";

/** A stack of Redis, as a server that answers, and of three brokers; all of them are this very process. */
async function targetOf(t: Test) {
	const server = http.createServer((_request, response) => response.end());
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.teardown(() => server.close());
	const { port } = server.address() as net.AddressInfo;
	const started: ServiceProcess[] = ["redis", "kafka", "kafka-2", "kafka-3"];
	const stack = {
		endpoint: () => ({ kind: "http", url: `http://127.0.0.1:${port}` }),
		root: (id: ServiceProcess) => (started.includes(id) ? identifySelf() : null),
		restart: async () => {},
	} as unknown as TargetStack;
	return new RunTarget(stack, ["redis", "kafka"], null);
}

t.test("a service counts as broken until the last fault on it is over", async (t) => {
	const target = await targetOf(t);
	for (const faultId of ["freeze-1", "freeze-2"]) {
		await target.processOf("redis");
		await target.probeOf("redis", faultId);
	}
	t.same([...target.broken], ["redis"]);
	await target.closeProbe("freeze-1");
	t.same([...target.broken], ["redis"], "the other still has it");
	await target.closeProbe("freeze-2");
	t.same([...target.broken], [], "if it is gone now, that is a loss");
	await target.closeProbe("freeze-2");
});

t.test("each broker is a process of its own, and is broken alone", async (t) => {
	const target = await targetOf(t);
	await target.processOf("kafka-2");
	t.same([...target.broken], ["kafka-2"]);
	await target.restart("kafka-2");
	t.same([...target.broken], []);
	t.ok(target.reaches("kafka-3", "process"));
	const all = ["redis", "kafka", "kafka-2", "kafka-3"];
	t.same(target.namesFor({ acts: "process" }), all, "and is listed where it was started here");
	await t.rejects(target.processOf("kafka-4"), { code: "FLT_NO_PATH" });
});

/** A target with a path to somebody's own service beside its own; `direct`: as what it is known. */
async function externalOf(t: Test, mayBreak: boolean, kind: "http" | "postgres" | "tcp" = "http") {
	const target = await targetOf(t);
	const api = await someone(t);
	const url = api.url.replace("http", kind);
	const process = new ExternalProcess({
		path: "api",
		at: { host: "127.0.0.1", port: api.port },
		pid: null,
		own: async () => [],
	});
	target.externals.set("api", { process, mayBreak, shown: url });
	const endpoint = { kind, url };
	target.paths.set("api", { proxies: ["p"], endpoint, direct: endpoint });
	return { target, api, process };
}

t.test(
	"what runs anyhow is broken only where that was allowed, the way to it always",
	async (t) => {
		const { target } = await externalOf(t, false, "postgres");
		const refused = { code: "FLT_FORBIDDEN", message: /which Faultline has not started/ };
		await t.rejects(target.processOf("api"), refused);
		await t.rejects(target.postgresOf("api"), refused);
		t.same(await target.proxiesOf("api"), ["p"]);
		t.ok(target.reaches("api", "process"), "so that who asks for it is told why");
		t.notOk(target.namesFor({ acts: "process" }).includes("api"), "and is not offered it");
		t.same(target.namesFor({ acts: "postgres" }), []);
		t.same(target.namesFor({ acts: "path" }), ["api"]);
	},
);

t.test("where it was allowed it is told as a process, and waited for", async (t) => {
	const { target, api } = await externalOf(t, true, "postgres");
	t.same(await target.processOf("api"), api.process);
	t.equal(await target.postgresOf("api"), api.url.replace("http", "postgres"));
	t.ok(target.namesFor({ acts: "process" }).includes("api"));
	t.notOk(target.namesFor({ acts: "process", within: "subject" }).includes("api"));
	t.same(target.namesFor({ acts: "postgres" }), ["api"]);
	t.same(target.namesFor({ acts: "postgres", ownServer: true }), [], "it is no server of ours");
	t.same(target.runAnyhow, [api.process]);
	t.same([...target.broken], [], "and no service of the stack");
	await target.restart("api");
	await target.closeProbes();
});

t.test("of a protocol that nobody knows a probe sees the process too", async (t) => {
	const { target, api, process } = await externalOf(t, true, "tcp");
	await process.look();
	const probe = await target.probeOf("api", "freeze-1");
	t.match(await probe.old(30_000), { kind: "answered" });
	await freezeTree(api.process);
	t.match(await probe.old(50), { kind: "silent" });
	await thawTree(api.process);
	t.match(await probe.old(30_000), { kind: "answered" });
	await api.stop();
	t.match(await probe.old(30_000), { kind: "broken", error: "it has ended" });
	await target.closeProbes();
});
