import { memberEnv, memberNames } from "../../../subjects/streams/group-params.ts";
import {
	changelogTopic,
	liveState,
	standsOf,
	workIn,
} from "../../../subjects/streams/stream-topics.ts";
import type { Engine } from "../engine.ts";
import { streamOf } from "../names.ts";
import { leftOf } from "../window-job.ts";

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
						DELAY_MS_MAX: p.delayMsMax,
						HORIZON_MS: p.horizonMs,
						SKEW_MS: p.skewMs,
					},
				},
			]),
		),
	topics: (names, p) => [changelogTopic(names, streamOf(p))],
	stands: (ctx) => standsOf(ctx, streamOf(ctx.params)),
	work: (ctx, backlogEnds) => workIn(ctx, memberNames(ctx.params), backlogEnds),
	async left(ctx) {
		const { partitions, horizonMs } = ctx.params;
		return leftOf(await liveState(ctx, streamOf(ctx.params), partitions), horizonMs);
	},
};
