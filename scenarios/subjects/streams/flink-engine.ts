import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ms } from "faultline";
import { readStands } from "./flink-stands.ts";
import { faultsOfProcess, type StreamFaults } from "./group-faults.ts";
import type { EngineContext, Env, StreamEngine } from "./stream-engine.ts";
import { type StreamNames, workIn } from "./stream-topics.ts";

/** What it is told beside what a consumer group is. */
export const flinkParams = {
	checkpointMs: ms(200, 20, 60_000, "of flink: from a checkpoint to the next, which commits"),
};

interface FlinkParams extends StreamFaults {
	consumers: number;
	gatherMs: number;
	guard: "on" | "off";
	p95MsMax: number;
	checkpointMs: number;
}

/** What one job on Flink is, as an engine. */
export interface FlinkEngine<P, Left> {
	stream(p: P): StreamNames;
	/** The source of the class that runs it; those that it needs lie beside it, and in `flink/` here. */
	main: URL;
	env(p: P): Env;
	/** What is left of all partitions together. */
	left(parts: readonly Left[]): Left;
}

const subject = "flink";
const harness = fileURLToPath(new URL("./flink/", import.meta.url));

/** A job on a cluster of Flink's within one process, with its checkpoints in the folder of that. */
export function flinkEngine<P extends FlinkParams, Left>({
	stream,
	main,
	env,
	left,
}: FlinkEngine<P, Left>): StreamEngine<P, Left> {
	const standsOf = ({ subjectFolder }: EngineContext<P>) =>
		readStands<Left>(join(subjectFolder(subject), "stands.ndjson"));
	return {
		subjects: (p) => ({
			[subject]: {
				command: ["flink-run", fileURLToPath(main), harness],
				env: {
					...env(p),
					INPUT: stream(p).input,
					GUARD: p.guard,
					GATHER_MS: p.gatherMs,
					CHECKPOINT_MS: p.checkpointMs,
					PARALLELISM: p.consumers,
				},
				// As `WorkRecord.java` prints it.
				ready: { log: "the first checkpoint is committed" },
				// Four seconds of a processor; the first time, javac takes as many.
				startLimitMs: 60_000,
			},
		}),
		faults: (p) => faultsOfProcess(p, subject),
		// A result waits for its checkpoint to begin and to end, and those that wait for the disk are longer at times.
		p95MsMax: (p) => (p.p95MsMax === 0 ? 0 : p.p95MsMax + 3 * p.checkpointMs),
		topics: () => [],
		stands: async (ctx) => standsOf(ctx),
		work: (ctx, backlogEnds) => workIn(ctx, [subject], backlogEnds),
		left: async (ctx) => left(standsOf(ctx).map((stand) => stand.left)),
	};
}
