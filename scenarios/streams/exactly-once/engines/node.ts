import { join } from "node:path";
import { stuckMs } from "../../../subjects/streams/stream-engine.ts";
import { attemptsFile, readLines, steps } from "../attempts.ts";
import type { Engine } from "../engine.ts";
import {
	brokerKilled,
	evicted,
	kill,
	patienceMs,
	repeated,
	reset,
	timeOut,
	zombie,
} from "../failure.ts";
import { processorNames } from "../names.ts";
import { sinkNames } from "../params.ts";

/** Processors as a Node team writes them: kafkajs, and its transactions. */
export const node: Engine = {
	sinks: sinkNames,
	isGroup: true,
	overlaps: false,
	isCostMeasured: true,
	stuckMs,
	positions: ({ sink, guard }) =>
		sink === "postgres" && guard === "on" ? { by: "table" } : { by: "group" },
	subjects: (p) =>
		Object.fromEntries(
			processorNames(p).map((name) => [
				name,
				{
					file: "./processor.ts",
					env: {
						NAME: name,
						SINK: p.sink,
						GUARD: p.guard,
						PAYMENTS_MAX: p.paymentsMax,
						SESSION_TIMEOUT_MS: p.sessionMs,
						TRANSACTION_TIMEOUT_MS: p.transactionMs,
						IDLE_TIMEOUT_MS: p.idleMs,
					},
				},
			]),
		),
	backMs: 0,
	heldMs: patienceMs,
	kills: (p) => steps.map((step) => kill(step, p.downMs)),
	others: (p) => [
		...repeated(2, reset(p.sink, "upstream")),
		...repeated(3, reset(p.sink, "downstream")),
		zombie("before-write"),
		...repeated(2, zombie("before-commit")),
		evicted,
		timeOut(patienceMs(p)),
		brokerKilled,
	],
	work({ params, subjectFolder, zeroMs }) {
		const lines = processorNames(params).flatMap((name) =>
			readLines(join(subjectFolder(name), attemptsFile)),
		);
		const cpuMsOf = new Map<number, number>();
		for (const line of lines) if ("cpuMs" in line) cpuMsOf.set(line.pid, line.cpuMs);
		return {
			restores: lines.flatMap((line) =>
				"take" in line ? [{ atMs: line.atMs - zeroMs, restoreMs: line.tookMs }] : [],
			),
			cpuMs: [...cpuMsOf.values()].reduce((sum, cpuMs) => sum + cpuMs, 0),
		};
	},
};
