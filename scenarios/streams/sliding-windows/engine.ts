import type { HookContext, Latency, RunNames } from "faultline";
import type { P } from "./params.ts";

/** What an engine is asked with. */
export type Ctx = Pick<
	HookContext<P, "kafka">,
	"params" | "direct" | "names" | "subjectFolder" | "zeroMs"
>;

/** A partition that was given to somebody, who restored its state and went on at `position`. */
export type Session = {
	partition: number;
	/** In run time, when it was ready. */
	atMs: number;
	position: number;
	restoredCount: number;
	restoreMs: number;
	/** What had been committed of the partition by then, as far as anybody wrote it down. */
	committed: number;
};

/** What an engine says of its own work. */
export type Work = {
	/** From the first that was ready to the last of the messages that were there before, in run time. */
	replay: { fromMs: number; toMs: number } | null;
	/** From the last event that a result needed to its commit; of results in steady state. */
	latency: Latency;
	/** What was kept over time, in bytes of what it is restored from; thinned out, the greatest of each stretch. */
	state: { atMs: number; windowBytes: number; idsBytes: number }[];
	sessions: Session[];
	/** Sessions that ended with a transaction that failed, or of which nobody knows; the first of them. */
	failedCount: number;
	failed: { partition: number; atMs: number; why: string }[];
};

/** What is left of the state at the end, and what has become of the messages; from where it would be restored from. */
export type Left = {
	events: number;
	counted: number;
	repeated: number;
	late: number;
	/** Records of windows that are all closed and of ids that can't come again: they should be gone. */
	staleCount: number;
	stale: string[];
};

/** One way to count in windows: its processes, and where to look at what they do. */
export interface Engine {
	/** By name, as a plan has them. */
	subjects(p: P): Record<string, { file: string; env: Record<string, string | number> }>;
	/** Topics of its own, beside input and results; each has as many partitions as these. */
	topics(
		names: RunNames,
		p: P,
	): { topic: string; configEntries: { name: string; value: string }[] }[];
	/** Where it stands on each partition, as far as it has told anybody. */
	stands(ctx: Ctx): Promise<{ partition: number; position: number; watermarkMs: number }[]>;
	/** `backlogEnds` is where each partition ended before anybody read. */
	work(ctx: Ctx, backlogEnds: readonly number[]): Work;
	/** `live` is the last value of each key of each partition of its own topics. */
	left(live: readonly ReadonlyMap<string, string>[], p: P): Left;
}
