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
import type { P } from "./params.ts";
import { proposalsOf, subjectOf } from "./proposals.ts";
import { type Readings, readAll } from "./readings.ts";
import type { Entry } from "./registered.ts";
import { rules } from "./rules.ts";
import { eventId } from "./values.ts";

type Ctx = HookContext<P, "kafka", unknown, "changes" | "events", "registry">;

/** What is seen of a run when it is over. */
export type Observed = {
	trials: GuardTrial[];
	readings: Readings;
	events: ExactlyOnce;
	versions: number;
	/** When each verdict was given, in run time, and how often it had to be asked. */
	answers: { atMs: number; tries: number }[];
};

export async function arrange({ direct, names }: Pick<Ctx, "direct" | "names">): Promise<void> {
	const admin = await kafkaAdmin(direct);
	try {
		await makeTopic(admin, { topic: names.topicPrefix + topicName, numPartitions: 4 });
	} finally {
		await admin.disconnect();
	}
}

/** Every message read by everybody to whom that is promised; and what the registry said, held against what it should say. */
export async function observe(ctx: Ctx): Promise<Observed> {
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
	const messages = records.map(({ value }) => value!);
	const ruleOf = (subject: string) => rules.find((rule) => subjectOf(rule) === subject)!;
	const { readings, seen } = readAll(messages, entries, ruleOf, params.seed);
	const found = new Map([...seen].map(([n, count]) => [eventId(n), count]));
	return {
		trials: trialsOf(params, ctx.counts("changes").started, asked),
		readings,
		events: exactlyOnce(await toldByKey(ctx, "events", eventId), found),
		versions: entries.length,
		answers: [...asked.values()].map(({ atMs, tries }) => ({
			atMs: Math.round(atMs - zeroMs),
			tries,
		})),
	};
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
