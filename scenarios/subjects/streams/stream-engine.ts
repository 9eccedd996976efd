import type { FaultSpec, Grammar, HookContext, RunNames, SubjectSpec } from "faultline";
import { exploreFaults, faultsOfGroup, type StreamFaults } from "./group-faults.ts";
import { type Member, memberEnv, memberNames } from "./group-params.ts";
import {
	changelogTopic,
	liveState,
	type NewTopic,
	type Stand,
	type StreamNames,
	standsOf,
	workIn,
} from "./stream-topics.ts";
import type { Work } from "./work.ts";

/** What an engine is asked with. */
export type EngineContext<P> = Pick<
	HookContext<P, "kafka">,
	"params" | "direct" | "names" | "subjectFolder" | "zeroMs"
>;

export type Env = Record<string, string | number>;

/** One way to do the work of a stream: its processes, and where to look at what they do. */
export interface StreamEngine<P, Left> {
	/** By name, as a plan has them. */
	subjects(p: P): Record<string, SubjectSpec>;
	/** What is broken of it and of its log. */
	faults(p: P): FaultSpec[];
	/** What explore may break of them. */
	explore(p: P): Grammar;
	/** From the last event that a result needed until it can be read, p95, at most; 0: any. */
	p95MsMax(p: P): number;
	/** It is dead where nothing has moved for so long. */
	stuckMs: number;
	/** Topics of its own, beside input and results; each has as many partitions as these. */
	topics(names: RunNames, p: P): NewTopic[];
	/** Where it stands on each partition, as far as it has told anybody. */
	stands(ctx: EngineContext<P>): Promise<Stand[]>;
	/** `backlogEnds` is where each partition ended before anybody read. */
	work(ctx: EngineContext<P>, backlogEnds: readonly number[]): Work;
	/** What is left in what it would restore itself from. */
	left(ctx: EngineContext<P>): Promise<Left>;
}

interface GroupParams extends Member, StreamFaults {
	consumers: number;
	partitions: number;
	p95MsMax: number;
}

/** Longer than it takes to notice that somebody is gone, and to restore what that one had. */
export const stuckMs = 15_000;

/** What one consumer group is, as an engine. */
export interface GroupEngine<P, Left> {
	stream(p: P): StreamNames;
	/** What its members are told beside what every member is. */
	env(p: P): Env;
	/** `live` is the last value of each key of each partition of the changelog. */
	left(live: readonly ReadonlyMap<string, string>[], p: P): Left;
}

/** `consumer.ts` beside the scenario, a process for each member of the group. */
export function groupEngine<P extends GroupParams, Left>({
	stream,
	env,
	left,
}: GroupEngine<P, Left>): StreamEngine<P, Left> {
	return {
		subjects: (p) =>
			Object.fromEntries(
				memberNames(p).map((name) => [
					name,
					{
						file: "./consumer.ts",
						env: { ...memberEnv(p), ...env(p), NAME: name, INPUT: stream(p).input },
					},
				]),
			),
		faults(p) {
			const { input, group } = stream(p);
			return faultsOfGroup({ ...p, group: `${input}-${group}`, members: memberNames(p) });
		},
		explore: (p) => exploreFaults(memberNames(p)),
		p95MsMax: (p) => p.p95MsMax,
		stuckMs,
		topics: (names, p) => [changelogTopic(names, stream(p))],
		stands: (ctx) => standsOf(ctx, stream(ctx.params)),
		work: (ctx, backlogEnds) => workIn(ctx, memberNames(ctx.params), backlogEnds),
		async left(ctx) {
			const { params } = ctx;
			return left(await liveState(ctx, stream(params), params.partitions), params);
		},
	};
}
