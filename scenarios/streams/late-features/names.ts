import { type KafkaMessage, partitionOfKey } from "faultline";
import type { MessageOf } from "../../subjects/streams/produce-seeded.ts";
import type { StreamNames } from "../../subjects/streams/stream-topics.ts";
import { ActivityStream, closerPrefix, delayMsMax, startMs } from "./activities.ts";
import { encode } from "./activity.ts";
import { featuresTopic, lateTopic } from "./feature-record.ts";
import type { P } from "./params.ts";

// What a run calls its topics and its group, and what the messages of its parameters are.

/** Without the run's prefix. */
export function streamOf({ backlog }: Pick<P, "backlog">): StreamNames {
	return { input: `activities-${backlog}`, group: "features", results: [featuresTopic, lateTopic] };
}

/** The consumer group, without the run's prefix. */
export function groupName(p: Pick<P, "backlog">): string {
	const { input, group } = streamOf(p);
	return `${input}-${group}`;
}

export function activitiesOf(
	p: Pick<P, "seed" | "users" | "gapMs" | "partitions">,
): ActivityStream {
	return new ActivityStream(p, (key) => partitionOfKey(Buffer.from(key), p.partitions));
}

/** The n-th message, as it is sent. */
export function messageOf(p: P): MessageOf {
	const activities = activitiesOf(p);
	return (n, sent) => {
		const activity = activities.at(n);
		const trace = { n, sentAtMs: sent?.atMs ?? null, phase: sent?.phase ?? "before" };
		return {
			key: Buffer.from(activity.user),
			value: encode({ ...activity, ...trace }),
			partition: activities.partitionAt(n),
		};
	};
}

/** When nothing of the first `count` activities can be corrected any more, by the watermark. */
export function allOverMs(
	{ gapMs, windowMs, latenessMs }: Pick<P, "gapMs" | "windowMs" | "latenessMs">,
	count: number,
): number {
	return startMs + count * gapMs + windowMs + latenessMs;
}

/** A message for each partition that says that it is much later now, so that every window is over. */
export function closersOf(p: P, count: number): KafkaMessage[] {
	const atMs = allOverMs(p, count) + p.delayMs + delayMsMax;
	return [...activitiesOf(p).usedPartitions].map((partition) => {
		const id = `${closerPrefix}${partition}`;
		const said = { id, user: id, kind: "view" as const, cents: 0, atMs, receivedMs: atMs };
		const trace = { n: -1, sentAtMs: null, phase: "after" };
		return { key: Buffer.from(id), value: encode({ ...said, ...trace }), partition };
	});
}
