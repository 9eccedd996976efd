import http from "node:http";
import type net from "node:net";
import t, { type Test } from "tap";
import { identifySelf } from "../../../base/process.ts";
import type { ServiceProcess } from "../../../base/services.ts";
import { RunTarget, type TargetStack } from "../../../daemon/stage/target.ts";

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
