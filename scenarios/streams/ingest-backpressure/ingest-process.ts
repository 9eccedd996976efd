import { openSync, writeSync } from "node:fs";
import type { FastifyInstance } from "fastify";
import { monotonicMs, numberVariable, variable } from "faultline/subject";
import { type Decision, decisionsFile } from "./decisions.ts";
import { connectDownstream, type Downstream } from "./downstream.ts";
import type { Policy } from "./policies.ts";
import { ingestService } from "./service.ts";

/** The service with this policy, as its process's variables have it; `through` stands before what lies behind it. */
export async function openIngest(
	policy: Policy,
	through = (downstream: Downstream): Downstream => downstream,
): Promise<FastifyInstance> {
	const usualDeadlineMs = numberVariable("DEADLINE_MS", 1_000);
	// At once and without a buffer: what was decided is known also of a process that was killed.
	const log = openSync(decisionsFile, "a");
	let receivedCount = 0;
	const tell = (decision: Decision) => {
		if (decision.is === "queued" || decision.is === "refused") receivedCount += 1;
		writeSync(log, `${JSON.stringify(decision)}\n`);
	};
	tell({ is: "begun", atMs: monotonicMs() });
	const downstream = await connectDownstream({
		brokers: variable("FLT_PATH_LOG").split(","),
		topic: variable("FLT_TOPIC_PREFIX", "") + variable("TOPIC", "events"),
		store: variable("FLT_PATH_STORE"),
		storeTimeoutMs: 5 * usualDeadlineMs,
	});
	const app = await ingestService({
		policy,
		downstream: through(downstream),
		usualDeadlineMs,
		nowMs: monotonicMs,
		tell,
	});
	app.get("/received", () => ({ count: receivedCount }));
	app.get("/cost", () => ({ processorUs: process.cpuUsage() }));
	return app;
}

/** Listens, and says that it is ready. */
export async function listen(app: FastifyInstance): Promise<void> {
	await app.listen({ port: numberVariable("FLT_PORT", 0), host: "127.0.0.1", backlog: 4_096 });
	const address = app.server.address();
	const port = typeof address === "object" && address !== null ? address.port : 0;
	console.log(`FLT_READY ${JSON.stringify({ port })}`);
}
