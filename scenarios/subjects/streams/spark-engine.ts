import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { ms, oneOf, type SubjectSpec, text } from "faultline";
import type { StreamFaults } from "./group-faults.ts";
import type { NamedCounts } from "./left-together.ts";
import { type ProcessJob, processEngine } from "./process-engine.ts";
import { sparkStands } from "./spark-stands.ts";
import type { Env, StreamEngine } from "./stream-engine.ts";

/** Steps of a batch, as `batch_sink.py` comes to them: what a kill leaves behind is another thing at each. */
export const batchSteps = ["before-send", "before-commit", "after-commit"] as const;

/** What it is told beside what a consumer group is. */
export const sparkParams = {
	batchMs: ms(500, 0, 60_000, "of spark: from the beginning of a batch to that of the next"),
	sparkMaster: text(
		"local[2]",
		"of spark: its cluster, spark://HOST:PORT; local[2] is two threads of one process",
	),
};

/** And where it is killed. */
export const sparkKillParams = {
	batchStep: oneOf(batchSteps, "after-commit", "of spark: where in a batch a kill strikes"),
};

interface SparkRun {
	guard: "on" | "off";
	batchMs: number;
	sparkMaster: string;
}

interface SparkParams extends StreamFaults, SparkRun {
	consumers: number;
	p95MsMax: number;
	batchStep: (typeof batchSteps)[number];
}

/** The name of the one process that does all of the work, or has a cluster do it. */
export const sparkName = "spark";
const harness = [new URL("./spark/", import.meta.url), new URL("../python/", import.meta.url)]
	.map((folder) => fileURLToPath(folder))
	.join(delimiter);
/** From the kill of a driver until its successor works, on a machine that has other things to do as well. */
const backMs = 20_000;
/** As long as two batches take there: results of the steady state are not those that waited for a restart. */
const aloneMs = 5_000;
/** From a broker's return to the next batch that is committed. */
export const sparkStuckMs = 60_000;

/** A query of Structured Streaming, whose driver is a process with a JVM below it, and its checkpoint in the folder of that. */
export function sparkSubject(main: URL, p: SparkRun, env: Env): SubjectSpec {
	return {
		command: ["python3", fileURLToPath(main)],
		env: {
			...env,
			GUARD: p.guard,
			BATCH_MS: p.batchMs,
			SPARK_MASTER: masterOf(p),
			PYTHONPATH: harness,
			// Experiments may lie where nobody may write.
			PYTHONDONTWRITEBYTECODE: 1,
		},
		// As `work_record.py` prints it.
		ready: { log: "the query works" },
		startLimitMs: 120_000,
	};
}

/** A query that a Python program runs, `main`. */
export function sparkEngine<P extends SparkParams, Left extends NamedCounts>({
	stream,
	main,
	env,
	nothingLeft,
}: ProcessJob<P, Left>): StreamEngine<P, Left> {
	return processEngine({
		name: sparkName,
		subject: (p) =>
			sparkSubject(main, p, { ...env(p), INPUT: stream(p).input, PARALLELISM: p.consumers }),
		struck: (p) => ({ killStep: { step: p.batchStep, withinMs: sparkStuckMs }, backMs, aloneMs }),
		// A result waits for the batch that is under way when its last event comes, and for its own; and a driver that is
		// started again takes three times as long as others do.
		p95MsMax: (p) => 3 * (p.p95MsMax === 0 ? 0 : p.p95MsMax + p.batchMs),
		stuckMs: sparkStuckMs,
		stands: (ctx) => sparkStands<Left>(ctx, stream(ctx.params)),
		nothingLeft,
	});
}

/** The cluster that a driver asks for, of a kind that it can ask. */
function masterOf({ sparkMaster }: Pick<SparkRun, "sparkMaster">): string {
	if (/^(local(\[(\d+|\*)\])?|spark:\/\/[^\s/:,]+:\d+(,[^\s/:,]+:\d+)*)$/.test(sparkMaster))
		return sparkMaster;
	throw new Error(
		`sparkMaster=${sparkMaster} is no cluster that a query can be given to from here; there are local, local[N] and spark://HOST:PORT, whose workers have to be on this machine`,
	);
}
