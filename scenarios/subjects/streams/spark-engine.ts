import { fileURLToPath } from "node:url";
import { ms, oneOf, text } from "faultline";
import { faultsOfProcess, type StreamFaults } from "./group-faults.ts";
import { leftTogether, type NamedCounts } from "./left-together.ts";
import { sparkStands } from "./spark-stands.ts";
import type { Env, StreamEngine } from "./stream-engine.ts";
import { type StreamNames, workIn } from "./stream-topics.ts";

/** Steps of a batch, as `batch_sink.py` comes to them: what a kill leaves behind is another thing at each. */
export const batchSteps = ["before-send", "before-commit", "after-commit"] as const;

/** What it is told beside what a consumer group is. */
export const sparkParams = {
	batchMs: ms(500, 0, 60_000, "of spark: from the beginning of a batch to that of the next"),
	batchStep: oneOf(batchSteps, "after-commit", "of spark: where in a batch a kill strikes"),
	sparkMaster: text(
		"local[2]",
		"of spark: its cluster, by URL; local[2] is two threads of one process",
	),
};

interface SparkParams extends StreamFaults {
	consumers: number;
	guard: "on" | "off";
	p95MsMax: number;
	batchMs: number;
	batchStep: (typeof batchSteps)[number];
	sparkMaster: string;
}

/** What one query on Spark is, as an engine. */
export interface SparkEngine<P, Left> {
	stream(p: P): StreamNames;
	/** The program that runs it; modules that it needs lie beside it, and in `spark/` here. */
	main: URL;
	env(p: P): Env;
	/** What is left where there was nothing. */
	nothingLeft: Left;
}

const subject = "spark";
const harness = fileURLToPath(new URL("./spark/", import.meta.url));
/** From the kill of a driver until its successor works, on a machine that has other things to do as well. */
const backMs = 20_000;

/** A query of Structured Streaming, whose driver is a process with a JVM below it, and its checkpoint in the folder of that. */
export function sparkEngine<P extends SparkParams, Left extends NamedCounts>({
	stream,
	main,
	env,
	nothingLeft,
}: SparkEngine<P, Left>): StreamEngine<P, Left> {
	return {
		subjects: (p) => ({
			[subject]: {
				command: ["python3", fileURLToPath(main)],
				env: {
					...env(p),
					INPUT: stream(p).input,
					GUARD: p.guard,
					BATCH_MS: p.batchMs,
					PARALLELISM: p.consumers,
					SPARK_MASTER: p.sparkMaster,
					PYTHONPATH: harness,
					// Experiments may lie where nobody may write.
					PYTHONDONTWRITEBYTECODE: 1,
				},
				// As `work_record.py` prints it.
				ready: { log: "the query works" },
				startLimitMs: 120_000,
			},
		}),
		faults: (p) => faultsOfProcess(p, subject, { killStep: p.batchStep, backMs }),
		// A result waits for the batch that is under way when its last event comes, and for its own; and a driver that is
		// started again takes three times as long as others do.
		p95MsMax: (p) => 3 * (p.p95MsMax === 0 ? 0 : p.p95MsMax + p.batchMs),
		// From a broker's return to the next batch that is committed.
		stuckMs: 60_000,
		topics: () => [],
		stands: (ctx) => sparkStands<Left>(ctx, stream(ctx.params)),
		work: (ctx, backlogEnds) => workIn(ctx, [subject], backlogEnds),
		async left(ctx) {
			const stands = await sparkStands<Left>(ctx, stream(ctx.params));
			return leftTogether(
				stands.map((stand) => stand.left),
				nothingLeft,
			);
		},
	};
}
