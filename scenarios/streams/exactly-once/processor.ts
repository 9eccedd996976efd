import { appendFileSync } from "node:fs";
import { monotonicMs, numberVariable, serve, subjectSteps, variable } from "faultline/subject";
import { Attempts, attemptsFile, type Line } from "./attempts.ts";
import { groupOf } from "./names.ts";
import { type Processing, startProcessing } from "./processing.ts";
import { sinkOf } from "./sinks.ts";

// A processor of payments, a member of its group, in a process of its own; GET / says what it has.
//
//   SINK=kafka GUARD=on FLT_PATH_LOG=127.0.0.1:9092 FLT_PATH_STORE=postgres://… node processor.ts

let processing: Processing | null = null;
const name = variable("NAME", "processor");
const prefix = variable("FLT_TOPIC_PREFIX", "");
const write = (line: Line) => appendFileSync(attemptsFile, `${JSON.stringify(line)}\n`);
const attempts = new Attempts(name, subjectSteps(), write);

// What is killed takes with it what it has used since.
const tellEveryMs = 250;
setInterval(() => {
	const { user, system } = process.cpuUsage();
	write({ atMs: monotonicMs(), pid: process.pid, cpuMs: (user + system) / 1_000 });
}, tellEveryMs).unref();

// Before it has joined: while a dead member's session runs out the group lets nobody in.
await serve({
	"GET /": () => ({
		partitions: [...(processing?.partitions ?? [])],
		fencedCount: attempts.fencedCount,
	}),
});

processing = await startProcessing({
	name,
	brokers: variable("FLT_PATH_LOG", "127.0.0.1:9092").split(","),
	prefix,
	group: groupOf(prefix),
	databaseUrl: variable("FLT_PATH_STORE", ""),
	sessionTimeoutMs: numberVariable("SESSION_TIMEOUT_MS", 1_000),
	transactionTimeoutMs: numberVariable("TRANSACTION_TIMEOUT_MS", 20_000),
	idleTimeoutMs: numberVariable("IDLE_TIMEOUT_MS", 1_000),
	paymentsMax: numberVariable("PAYMENTS_MAX", 100),
	openSink: sinkOf(variable("SINK", "kafka"), variable("GUARD", "on")),
	attempts,
});
