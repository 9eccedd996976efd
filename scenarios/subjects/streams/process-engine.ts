import type { SubjectSpec } from "faultline";
import {
	exploreProcess,
	faultsOfProcess,
	type ProcessFaults,
	type StreamFaults,
} from "./group-faults.ts";
import type { LeftStand } from "./left-stand.ts";
import { leftTogether, type NamedCounts } from "./left-together.ts";
import type { EngineContext, Env, StreamEngine } from "./stream-engine.ts";
import { type StreamNames, workIn } from "./stream-topics.ts";

/** What a job is, to an engine that runs it in one process. */
export interface ProcessJob<P, Left> {
	stream(p: P): StreamNames;
	/** The program that runs it; what it needs lies beside it, and in the engine's own folder. */
	main: URL;
	env(p: P): Env;
	/** What is left where there was nothing. */
	nothingLeft: Left;
}

/** One process that does all of the work, as an engine: what it is, and where it says how it stands. */
export interface ProcessEngine<P, Left>
	extends Pick<StreamEngine<P, Left>, "p95MsMax" | "stuckMs">,
		Pick<ProcessJob<P, Left>, "nothingLeft"> {
	name: string;
	subject(p: P): SubjectSpec;
	/** How it is struck. */
	struck(p: P): ProcessFaults;
	stands(ctx: EngineContext<P>): Promise<LeftStand<Left>[]>;
}

/** It has no topics of its own: its state lies in its checkpoints. */
export function processEngine<P extends StreamFaults, Left extends NamedCounts>({
	name,
	subject,
	struck,
	p95MsMax,
	stuckMs,
	stands,
	nothingLeft,
}: ProcessEngine<P, Left>): StreamEngine<P, Left> {
	return {
		subjects: (p) => ({ [name]: subject(p) }),
		faults: (p) => faultsOfProcess(p, name, struck(p)),
		explore: (p) => exploreProcess(name, struck(p)),
		p95MsMax,
		stuckMs,
		topics: () => [],
		stands,
		work: (ctx, backlogEnds) => workIn(ctx, [name], backlogEnds),
		async left(ctx) {
			const all = await stands(ctx);
			return leftTogether(
				all.map(({ left }) => left),
				nothingLeft,
			);
		},
	};
}
