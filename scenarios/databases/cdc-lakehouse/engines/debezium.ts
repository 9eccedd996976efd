import { atStep, fault } from "faultline";
import { goneMsMin } from "../../../subjects/streams/group-faults.ts";
import type { Break, Engine } from "../engine.ts";

/** The worker goes while the consumer has rows that no version has; as a JVM it takes its time to be gone, and to be back. */
const workerKilled: Break = {
	lastsMs: goneMsMin,
	spec: (times) =>
		atStep(fault("kill", "connect", {}, times), { subject: "consumer", step: "data-written" }),
};
/** Longer than its group waits for it: what it worked on is taken from it, and given back to it. */
const workerFrozen: Break = {
	lastsMs: 4_500,
	spec: (times) => fault("freeze", "connect", {}, times),
};
/** The consumer's way to the topic. */
const topicCutOff: Break = {
	lastsMs: 300,
	spec: (times) =>
		atStep(fault("reset", "log", {}, times), { subject: "consumer", step: "tables-committed" }),
};

/** Debezium on Kafka Connect reads the slot, and writes to a topic that the consumer reads. */
export const debezium: Engine = {
	file: "./capture/debezium/consumer.ts",
	env: (p) => ({ SESSION_TIMEOUT_MS: p.sessionMs }),
	paths: { log: "kafka", connectors: "connect" },
	startMs: 6_000,
	others: {
		few: [workerKilled],
		// Twice: the second is in the middle of other work than the first.
		full: [workerKilled, topicCutOff, workerFrozen, workerKilled],
	},
};
