import { flinkName, flinkStands, flinkSubject } from "../../../subjects/streams/flink-engine.ts";
import { goneMsMin } from "../../../subjects/streams/group-faults.ts";
import { stuckMs } from "../../../subjects/streams/stream-engine.ts";
import { steps } from "../attempts.ts";
import { type Engine, workOfProcess } from "../engine.ts";
import { brokerKilled, kill, repeated, reset, zombie } from "../failure.ts";

/** One job on a cluster of Flink's, whose attempts are those between two checkpoints. */
export const flink: Engine = {
	sinks: ["kafka", "upsert"],
	isGroup: false,
	// The next checkpoint's begins before this one is complete.
	overlaps: true,
	isCostMeasured: false,
	stuckMs,
	positions: () => ({
		by: "engine",
		at: (ctx) => new Map(flinkStands(ctx).map(({ partition, position }) => [partition, position])),
	}),
	subjects: (p) => ({
		[flinkName]: flinkSubject(new URL("../flink/ExactlyOnce.java", import.meta.url), {
			NAME: flinkName,
			SINK: p.sink,
			GUARD: p.guard,
			CHECKPOINT_MS: p.checkpointMs,
			TRANSACTION_TIMEOUT_MS: p.flinkTransactionMs,
			PARALLELISM: p.processors,
		}),
	}),
	backMs: 0,
	// Rows need no patience of anybody.
	heldMs: (p) => (p.sink === "kafka" ? p.flinkTransactionMs : 0),
	kills: (p) => steps.map((step) => kill(step, Math.max(p.downMs, goneMsMin))),
	// There is no group to be put out of; and what is prepared and times out is lost, which `script=time-out` shows.
	others: (p) => [
		...repeated(2, reset(p.sink, "upstream")),
		...repeated(3, reset(p.sink, "downstream")),
		...repeated(2, zombie("before-write"), zombie("before-commit")),
		...repeated(2, brokerKilled),
	],
	work: (ctx) => workOfProcess(ctx, flinkName),
};
