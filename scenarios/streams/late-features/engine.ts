import type { HookContext, RunNames } from "faultline";
import type { NewTopic, Stand } from "../../subjects/streams/stream-topics.ts";
import type { Work } from "../../subjects/streams/work.ts";
import type { Left } from "./feature-job.ts";
import type { P } from "./params.ts";

/** What an engine is asked with. */
export type Ctx = Pick<
	HookContext<P, "kafka">,
	"params" | "direct" | "names" | "subjectFolder" | "zeroMs"
>;

/** One way to compute features: its processes, and where to look at what they do. */
export interface Engine {
	/** By name, as a plan has them. */
	subjects(p: P): Record<string, { file: string; env: Record<string, string | number> }>;
	/** Topics of its own, beside input and results; each has as many partitions as these. */
	topics(names: RunNames, p: P): NewTopic[];
	/** Where it stands on each partition, as far as it has told anybody. */
	stands(ctx: Ctx): Promise<Stand[]>;
	/** `backlogEnds` is where each partition ended before anybody read. */
	work(ctx: Ctx, backlogEnds: readonly number[]): Work;
	/** What it would restore itself from. */
	left(ctx: Ctx): Promise<Left>;
}
