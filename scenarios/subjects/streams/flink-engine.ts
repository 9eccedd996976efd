import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ms, type SubjectSpec } from "faultline";
import { readStands } from "./flink-stands.ts";
import type { StreamFaults } from "./group-faults.ts";
import type { NamedCounts } from "./left-together.ts";
import { type ProcessJob, processEngine } from "./process-engine.ts";
import { type EngineContext, type Env, type StreamEngine, stuckMs } from "./stream-engine.ts";

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

/** The name of the one process that does all of the work. */
export const flinkName = "flink";
const harness = fileURLToPath(new URL("./flink/", import.meta.url));

/** A job on a cluster of Flink's within one process; its checkpoints and what it writes down lie in the folder of that. */
export function flinkSubject(main: URL, env: Env): SubjectSpec {
	return {
		command: ["flink-run", fileURLToPath(main), harness],
		env,
		// As `WorkRecord.java` prints it.
		ready: { log: "the first checkpoint is committed" },
		// Four seconds of a processor; the first time, javac takes as many.
		startLimitMs: 60_000,
	};
}

/** How each partition stood when a checkpoint was committed last. */
export function flinkStands<Left>({
	subjectFolder,
}: Pick<EngineContext<unknown>, "subjectFolder">) {
	return readStands<Left>(join(subjectFolder(flinkName), "stands.ndjson"));
}

/** A job whose class lies in a source file, `main`. */
export function flinkEngine<P extends FlinkParams, Left extends NamedCounts>({
	stream,
	main,
	env,
	nothingLeft,
}: ProcessJob<P, Left>): StreamEngine<P, Left> {
	return processEngine({
		name: flinkName,
		subject: (p) =>
			flinkSubject(main, {
				...env(p),
				INPUT: stream(p).input,
				GUARD: p.guard,
				GATHER_MS: p.gatherMs,
				CHECKPOINT_MS: p.checkpointMs,
				PARALLELISM: p.consumers,
			}),
		struck: () => ({}),
		// A result waits for its checkpoint to begin and to end, and those that wait for the disk are longer at times.
		p95MsMax: (p) => (p.p95MsMax === 0 ? 0 : p.p95MsMax + 3 * p.checkpointMs),
		stuckMs,
		stands: async (ctx) => flinkStands<Left>(ctx),
		nothingLeft,
	});
}
