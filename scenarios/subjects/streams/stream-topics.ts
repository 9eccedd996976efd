import { join } from "node:path";
import {
	appendTo,
	type HookContext,
	type KafkaMessage,
	kafkaAdmin,
	makeTopic,
	type RunNames,
	recordsOf,
	withKafka,
} from "faultline";
import { watermarkIn } from "./watermark.ts";
import { type Work, workOf } from "./work.ts";
import { readRecord, recordFile } from "./work-record.ts";

// What a scenario does with the topics of a consumer group that keeps its state in a changelog, past all proxies.

export type Ctx = Pick<HookContext<unknown, "kafka">, "direct" | "names">;

/** An input, of which the other topics and the group have their names; without the run's prefix. */
export interface StreamNames {
	input: string;
	group: string;
	/** Topics that the job's results go to, as the job calls them. */
	results: readonly string[];
}

export function inputOf({ topicPrefix }: RunNames, { input }: StreamNames): string {
	return `${topicPrefix}${input}`;
}

/** A topic of results, as the job calls it. */
export function resultsOf(names: RunNames, stream: StreamNames, result: string): string {
	return `${inputOf(names, stream)}-${result}`;
}

export function changelogOf(names: RunNames, stream: StreamNames): string {
	return `${inputOf(names, stream)}-changelog`;
}

/** A topic that is to be made. */
export interface NewTopic {
	topic: string;
	configEntries?: { name: string; value: string }[];
}

/** The changelog. Small segments, so that there is something to be compacted: the one that is being written is not. */
export function changelogTopic(names: RunNames, stream: StreamNames): NewTopic {
	return {
		topic: changelogOf(names, stream),
		configEntries: [
			{ name: "cleanup.policy", value: "compact" },
			{ name: "segment.bytes", value: String(4 * 1024 * 1024) },
			{ name: "min.cleanable.dirty.ratio", value: "0.1" },
		],
	};
}

/** Makes input, results and these, and puts into the input what is there before anybody reads. */
export async function makeTopics(
	{ direct, names }: Ctx,
	stream: StreamNames,
	others: readonly NewTopic[],
	numPartitions: number,
	backlog: Iterable<KafkaMessage>,
): Promise<void> {
	const input = inputOf(names, stream);
	const results = stream.results.map((result) => ({ topic: resultsOf(names, stream, result) }));
	const admin = await kafkaAdmin(direct);
	try {
		const topics = [{ topic: input }, ...results, ...others];
		await Promise.all(topics.map((topic) => makeTopic(admin, { ...topic, numPartitions })));
	} finally {
		await admin.disconnect();
	}
	await appendTo(direct, input, backlog);
}

/** How a stream comes to rest, between two looks. */
export interface Ending {
	/** The messages are sent that end the stream. */
	isClosed: boolean;
}

export function notEnded(): Ending {
	return { isClosed: false };
}

/** Where a group has come to on a partition. */
export interface Stand {
	partition: number;
	position: number;
	watermarkMs: number;
}

/** What a stream ends with, and when it is at rest. */
export interface End {
	closers: Iterable<KafkaMessage>;
	/** On these the watermark is to come beyond `untilMs`. */
	partitions: Iterable<number>;
	untilMs: number;
	stands(): Promise<Stand[]>;
}

/** Ends the stream, once, and tells on how many partitions it is not at rest, and where the group stands. */
export async function restOf(
	{ direct, names }: Ctx,
	stream: StreamNames,
	ending: Ending,
	{ closers, partitions, untilMs, stands }: End,
): Promise<{ zero: { partitions_behind: number }; moves: Record<string, number> }> {
	if (!ending.isClosed) await appendTo(direct, inputOf(names, stream), closers);
	ending.isClosed = true;
	// A broker that has just come back may not know yet.
	const now = await stands().catch(() => []);
	const over = now.filter(({ watermarkMs }) => watermarkMs >= untilMs);
	const there = new Set(over.map(({ partition }) => partition));
	const partitions_behind = [...partitions].filter((one) => !there.has(one)).length;
	const moves = Object.fromEntries(
		now.flatMap(({ partition, position, watermarkMs }) => [
			[`position_${partition}`, position],
			[`watermark_${partition}`, watermarkMs],
		]),
	);
	return { zero: { partitions_behind }, moves };
}

/** What the group has committed of each partition, with the note beside it. */
export async function committedOf({ direct, names }: Ctx, stream: StreamNames) {
	const input = inputOf(names, stream);
	const groupId = `${input}-${stream.group}`;
	const [committed] = await withKafka(direct, (admin) =>
		admin.fetchOffsets({ groupId, topics: [input] }),
	);
	return committed?.partitions ?? [];
}

/** Where the group stands on each partition, as it has committed. */
export async function standsOf(ctx: Ctx, stream: StreamNames): Promise<Stand[]> {
	return (await committedOf(ctx, stream)).map(({ partition, offset, metadata }) => ({
		partition,
		position: Number(offset),
		watermarkMs: watermarkIn(metadata),
	}));
}

/** The last value of each key of the changelog that has one, by partition. */
export async function liveState(
	{ direct, names }: Ctx,
	stream: StreamNames,
	partitions: number,
): Promise<ReadonlyMap<string, string>[]> {
	const live = Array.from({ length: partitions }, () => new Map<string, string>());
	for (const { partition, key, value } of await recordsOf(direct, changelogOf(names, stream)))
		if (value === null) live[partition]!.delete(key!);
		else live[partition]!.set(key!, String(value));
	return live;
}

/** What the members have written down of their work. */
export function workIn(
	{ subjectFolder, zeroMs }: Pick<HookContext<unknown, "kafka">, "subjectFolder" | "zeroMs">,
	members: readonly string[],
	backlogEnds: readonly number[],
): Work {
	const lines = members.flatMap((name) => readRecord(join(subjectFolder(name), recordFile)));
	return workOf(lines, backlogEnds, zeroMs);
}
