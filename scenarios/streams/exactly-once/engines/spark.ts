import { join } from "node:path";
import { goneMsMin } from "../../../subjects/streams/group-faults.ts";
import { checkpointPositions } from "../../../subjects/streams/spark-checkpoint.ts";
import { sparkName, sparkStuckMs, sparkSubject } from "../../../subjects/streams/spark-engine.ts";
import { steps } from "../attempts.ts";
import { type Engine, type Positions, workOfProcess } from "../engine.ts";
import { brokerKilled, kill, patienceMs, repeated, reset, timeOut, zombie } from "../failure.ts";
import { type P, sinkNames } from "../params.ts";

/** Until a batch comes to its commit, also of a query that begins anew: a hold begins with its order, and not with that. */
const comesMs = 12_000;

/** One query of Structured Streaming, whose attempts are its batches. */
export const spark: Engine = {
	sinks: sinkNames,
	isGroup: false,
	// There is one transaction at a time, of one producer.
	overlaps: false,
	isCostMeasured: false,
	stuckMs: sparkStuckMs,
	positions,
	subjects: (p) => ({
		[sparkName]: sparkSubject(new URL("../spark/exactly_once.py", import.meta.url), p, {
			NAME: sparkName,
			SINK: p.sink,
			PARALLELISM: p.processors,
			TRANSACTION_TIMEOUT_MS: p.transactionMs,
			IDLE_TIMEOUT_MS: p.idleMs,
		}),
	}),
	// What a batch fails by ends the query, which begins anew.
	backMs: 5_000,
	heldMs,
	kills: (p) => steps.map((step) => kill(step, Math.max(p.downMs, goneMsMin))),
	// There is no group to be put out of, and nobody who takes over from who stands still.
	others: (p) => [
		...repeated(2, reset(p.sink, "upstream")),
		...repeated(3, reset(p.sink, "downstream")),
		zombie("before-write"),
		...repeated(2, zombie("before-commit")),
		timeOut(heldMs(p)),
		...repeated(2, brokerKilled),
	],
	work: (ctx) => workOfProcess(ctx, sparkName),
};

function heldMs(p: P): number {
	return patienceMs(p) + comesMs;
}

/** What is committed with its results stands beside them; of the rest Spark's own checkpoint says what is done. */
function positions({ sink, guard }: P): Positions {
	if (guard === "on" && sink === "kafka") return { by: "group" };
	if (guard === "on" && sink === "postgres") return { by: "table" };
	return {
		by: "engine",
		at: ({ subjectFolder }) => checkpointPositions(join(subjectFolder(sparkName), "checkpoint")),
	};
}
