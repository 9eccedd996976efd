import { join } from "node:path";
import { withKafka } from "faultline";
import { watermarkIn } from "../../../subjects/streams/watermark.ts";
import type { Engine } from "../engine.ts";
import { consumerNames, groupName, inputName, topicsOf } from "../names.ts";
import { readRecord, recordFile } from "../record.ts";
import { leftOf } from "../window-job.ts";
import { workOf } from "../work.ts";

/** `consumer.ts`, a process for each member of the group. */
export const node: Engine = {
	subjects: (p) =>
		Object.fromEntries(
			consumerNames(p).map((name) => [
				name,
				{
					file: "./consumer.ts",
					env: {
						NAME: name,
						INPUT: inputName(p),
						GUARD: p.guard,
						DELAY_MS_MAX: p.delayMsMax,
						HORIZON_MS: p.horizonMs,
						SKEW_MS: p.skewMs,
						SESSION_TIMEOUT_MS: p.sessionTimeoutMs,
						GATHER_MS: p.gatherMs,
						QUIET_LOOK_MS: p.quietLookMs,
					},
				},
			]),
		),

	topics: (names, p) => [
		{
			topic: topicsOf(names, p).changelog,
			// Small segments, so that there is something to be compacted: the one that is being written is not.
			configEntries: [
				{ name: "cleanup.policy", value: "compact" },
				{ name: "segment.bytes", value: String(4 * 1024 * 1024) },
				{ name: "min.cleanable.dirty.ratio", value: "0.1" },
			],
		},
	],

	async stands({ direct, names, params }) {
		const { input } = topicsOf(names, params);
		const groupId = `${names.topicPrefix}${groupName(params)}`;
		const [committed] = await withKafka(direct, (admin) =>
			admin.fetchOffsets({ groupId, topics: [input] }),
		);
		return (committed?.partitions ?? []).map(({ partition, offset, metadata }) => ({
			partition,
			position: Number(offset),
			watermarkMs: watermarkIn(metadata),
		}));
	},

	work(ctx, backlogEnds) {
		const lines = consumerNames(ctx.params).flatMap((name) =>
			readRecord(join(ctx.subjectFolder(name), recordFile)),
		);
		return workOf(lines, backlogEnds, ctx.zeroMs);
	},

	left: (live, { horizonMs }) => leftOf(live, horizonMs),
};
