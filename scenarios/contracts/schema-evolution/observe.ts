import { join } from "node:path";
import {
	type ExactlyOnce,
	exactlyOnce,
	type GuardTrial,
	type HookContext,
	kafkaAdmin,
	makeTopic,
	recordsOf,
	toldByKey,
} from "faultline";
import type { Asked } from "./ask-registry.ts";
import { topicName } from "./framing.ts";
import { messagesOf } from "./messages.ts";
import type { P } from "./params.ts";
import { type Files, parquet, rowsOf, writeArchive } from "./parquet/archive.ts";
import { proposalsOf, subjectOf } from "./proposals.ts";
import { type Readings, readAll, type Written } from "./readings.ts";
import type { Entry } from "./registered.ts";
import { type Rule, rules } from "./rules.ts";
import { eventId } from "./values.ts";

type Ctx = HookContext<P, "kafka", unknown, "changes" | "events", "registry">;

/** What is seen of a run when it is over. */
export type Observed = {
	trials: GuardTrial[];
	/** Of the topic's messages, in Avro. */
	readings: Readings;
	events: ExactlyOnce;
	archive: Archive;
	versions: number;
	/** When each verdict was given, in run time, and how often it had to be asked. */
	answers: { atMs: number; tries: number }[];
};

/** What is seen of the archive of the topic, in Parquet. */
export type Archive = {
	readings: Readings;
	/** What was in the topic, held against what is in the archive. */
	rows: ExactlyOnce;
};

export async function arrange({ direct, names }: Pick<Ctx, "direct" | "names">): Promise<void> {
	const admin = await kafkaAdmin(direct);
	try {
		await makeTopic(admin, { topic: names.topicPrefix + topicName, numPartitions: 4 });
	} finally {
		await admin.disconnect();
	}
}

/**
 * Every message read by everybody to whom that is promised, archived, and read once more of the archive's files; and what
 * the registry said, held against what it should say.
 */
export async function observe(ctx: Ctx, files: Files = parquet): Promise<Observed> {
	const { direct, names, params, zeroMs, signal } = ctx;
	const asked = new Map<number, Asked>();
	for await (const { receipt } of ctx.journal("changes"))
		if (receipt !== null) {
			const one = JSON.parse(receipt) as Asked;
			asked.set(one.n, one);
		}
	const response = await fetch(`${ctx.subject("registry")}/schemas`, { signal });
	const entries = (await response.json()) as Entry[];
	const records = await recordsOf(direct, names.topicPrefix + topicName);
	const topic = records.map(({ value }) => value!);
	const messages = [...messagesOf(topic, entries)];
	const read = (all: Iterable<Written> | AsyncIterable<Written>) =>
		readAll(all, entries, ruleOf, params.seed);
	const { readings, seen } = await read(messages);
	const folder = join(ctx.subjectFolder("registry"), "archive");
	writeArchive(folder, messages, entries, files);
	const archived = await read(rowsOf(folder, files));
	return {
		trials: trialsOf(params, ctx.counts("changes").started, asked),
		readings,
		events: exactlyOnce(await toldByKey(ctx, "events", eventId), byEvent(seen)),
		archive: {
			readings: archived.readings,
			rows: exactlyOnce(
				[...seen.keys()].map((n) => [eventId(n), "ok"]),
				byEvent(archived.seen),
			),
		},
		versions: entries.length,
		answers: [...asked.values()].map(({ atMs, tries }) => ({
			atMs: Math.round(atMs - zeroMs),
			tries,
		})),
	};
}

function byEvent(seen: ReadonlyMap<number, number>): Map<string, number> {
	return new Map([...seen].map(([n, count]) => [eventId(n), count]));
}

function ruleOf(subject: string): Rule {
	return rules.find((rule) => subjectOf(rule) === subject)!;
}

function trialsOf({ seed }: P, count: number, asked: ReadonlyMap<number, Asked>): GuardTrial[] {
	return proposalsOf(seed, count).map(({ n, rule, change, truth }) => ({
		name: `${n} ${change} by ${rule}`,
		change,
		truth,
		verdict: asked.get(n)?.verdict ?? { kind: "none", message: "it had no answer" },
		smallest: null,
	}));
}
