import type { HookContext, SubjectSpec } from "faultline";
import { workIn } from "../../subjects/streams/stream-topics.ts";
import type { Failure } from "./failure.ts";
import type { P, SinkName } from "./params.ts";

/** What an engine is asked with. */
export type EngineContext = Pick<HookContext<P, never>, "params" | "subjectFolder" | "zeroMs">;

/** What an engine says of its own work. */
export type EngineWork = {
	/** Each time that somebody had a partition with all that is known of it, in run time, and what that took. */
	restores: { atMs: number; restoreMs: number }[];
	/** Of the processor, by all processes that there were, as far as they told before they ended. */
	cpuMs: number;
};

/** Who knows where the work of each partition goes on. */
export type Positions =
	/** The processors' consumer group, by the offsets that it has committed. */
	| { by: "group" }
	/** The table of the positions, in the database. */
	| { by: "table" }
	/** The engine alone; by partition. */
	| { by: "engine"; at(ctx: EngineContext): Map<number, number> };

/** One way to write and run the processors. */
export interface Engine {
	/** Where it has a way to write to. */
	sinks: readonly SinkName[];
	/** Its processes are members of a consumer group, which can put them out. */
	isGroup: boolean;
	/** The processes by their names: they can be killed, frozen and held at the steps of an attempt. */
	subjects(p: P): Record<string, SubjectSpec>;
	/** A kill at each step. */
	kills(p: P): Failure[];
	/** What else strikes in a full round. */
	others(p: P): Failure[];
	/** How long it takes to work again after a failure that its process survives: the next one comes so much later. */
	backMs: number;
	/** How long it takes from the order to stand at the next commit until that attempt's results are not kept any more. */
	heldMs(p: P): number;
	/** Whether a transaction of a partition begins before the one before it is over: kafkajs does not read such ones right. */
	overlaps: boolean;
	/** Whether it can be measured against its naive twin within one process. */
	isCostMeasured: boolean;
	/** It is dead where nothing of the work has moved for so long. */
	stuckMs: number;
	positions(p: P): Positions;
	work(ctx: EngineContext): EngineWork;
}

/** What one process says of its work that does all of it. */
export function workOfProcess(ctx: EngineContext, name: string): EngineWork {
	const { sessions, cpuMs } = workIn(ctx, [name], []);
	return { restores: sessions.map(({ atMs, restoreMs }) => ({ atMs, restoreMs })), cpuMs };
}
