import { memberEnv, memberNames } from "../../../subjects/streams/group-params.ts";
import {
	changelogTopic,
	liveState,
	standsOf,
	workIn,
} from "../../../subjects/streams/stream-topics.ts";
import type { Engine } from "../engine.ts";
import { leftOf } from "../feature-job.ts";
import { streamOf } from "../names.ts";

/** `consumer.ts`, a process for each member of the group. */
export const node: Engine = {
	subjects: (p) =>
		Object.fromEntries(
			memberNames(p).map((name) => [
				name,
				{
					file: "./consumer.ts",
					env: {
						...memberEnv(p),
						NAME: name,
						INPUT: streamOf(p).input,
						WINDOW_MS: p.windowMs,
						DELAY_MS: p.delayMs,
						LATENESS_MS: p.latenessMs,
					},
				},
			]),
		),
	topics: (names, p) => [changelogTopic(names, streamOf(p))],
	stands: (ctx) => standsOf(ctx, streamOf(ctx.params)),
	work: (ctx, backlogEnds) => workIn(ctx, memberNames(ctx.params), backlogEnds),
	left: async (ctx) =>
		leftOf(await liveState(ctx, streamOf(ctx.params), ctx.params.partitions), ctx.params),
};
