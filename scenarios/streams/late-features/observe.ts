import { type HookContext, outcomesOf, recordsOf, shuffled, stream } from "faultline";
import { type Log, readLog } from "../../subjects/streams/input-log.ts";
import { backlogOf, endsOf } from "../../subjects/streams/produce-seeded.ts";
import {
	type Ending,
	inputOf,
	makeTopics,
	notEnded,
	restOf,
	resultsOf,
} from "../../subjects/streams/stream-topics.ts";
import type { Work } from "../../subjects/streams/work.ts";
import { type Comparison, compare } from "./compare.ts";
import { engines } from "./engines.ts";
import type { Left } from "./feature-job.ts";
import { type FeatureRecord, featuresTopic, type LateRecord, lateTopic } from "./feature-record.ts";
import { activitiesOf, allOverMs, closersOf, messageOf, streamOf } from "./names.ts";
import { type Expected, expectedFeatures } from "./oracle/expected-features.ts";
import type { P } from "./params.ts";
import { quantileOf, sharesBy, waitsMs } from "./trade-off.ts";

/** What is seen of a run when it is over. */
export type Observed = {
	comparison: Comparison;
	log: Log;
	left: Left;
	/** Messages that end the stream: they are worked on too, and are in no log of a seed. */
	closersCount: number;
	work: Work;
	/** By the log and its rules. */
	expected: { onTime: number; absorbed: number; late: number };
	/** Event time from the end of a window to its last correction, of those that were corrected; null where none was. */
	convergedAfterMs: { p50: number; p95: number } | null;
	/** What share of the activities is in a window that is waited for so long after its end. */
	shares: { waitMs: number; share: number }[];
};

const ordersCount = 5;

/** Makes the topics, and what is there before anybody reads. */
export async function arrange(ctx: HookContext<P, "kafka">): Promise<Ending> {
	const { names, params } = ctx;
	const own = engines[params.engine].topics(names, params);
	const backlog = backlogOf(params.backlog, messageOf(params));
	await makeTopics(ctx, streamOf(params), own, params.partitions, backlog);
	return notEnded();
}

/** Ends the stream, once, and waits until all has been brought to its end. */
export async function atRest(ctx: HookContext<P, "kafka", Ending, "activities">) {
	const { params, state } = ctx;
	const count = params.backlog + ctx.counts("activities").started;
	return restOf(ctx, streamOf(params), state, {
		closers: closersOf(params, count),
		partitions: activitiesOf(params).usedPartitions,
		untilMs: allOverMs(params, count),
		stands: () => engines[params.engine].stands(ctx),
	});
}

/** What stands in the topics, past every proxy, held against the activities made again from the seed. */
export async function observe(
	ctx: HookContext<P, "kafka", Ending, "activities">,
): Promise<Observed> {
	const { params, direct, names } = ctx;
	const { backlog, partitions, windowMs } = params;
	const engine = engines[params.engine];
	const stream = streamOf(params);
	const messages = (await recordsOf(direct, inputOf(names, stream))).map(
		({ partition, value }) => ({ partition, value: value! }),
	);
	const given = async <T>(topic: string) =>
		(await recordsOf(direct, resultsOf(names, stream, topic))).map(
			({ value }) => JSON.parse(String(value)) as T,
		);
	const activities = activitiesOf(params);
	const acknowledged = Array.from({ length: backlog }, (_, n) => n);
	for (const [n, outcome] of await outcomesOf(ctx, "activities"))
		if (outcome === "ok") acknowledged.push(backlog + n);
	const { log, logged } = readLog(messages, activities, acknowledged);
	const expected = expectedFeatures(logged, params);
	const records = await given<FeatureRecord>(featuresTopic);
	const late = await given<LateRecord>(lateTopic);
	const events = logged.map(({ event }) => event);
	const ends = endsOf(backlog, partitions, (n) => activities.partitionAt(n));
	return {
		comparison: compare(records, late, expected, ordersOf(records, params.seed)),
		log,
		left: await engine.left(ctx),
		closersCount: closersOf(params, 0).length,
		work: engine.work(ctx, ends),
		expected: {
			onTime: expected.onTimeCount,
			absorbed: expected.absorbedCount,
			late: expected.late.size,
		},
		convergedAfterMs: convergenceOf(expected),
		shares: sharesBy(events, windowMs, waitsMs),
	};
}

/** As they might be read by somebody to whom they come from many places. */
function ordersOf(records: readonly FeatureRecord[], seed: number): FeatureRecord[][] {
	const chance = stream(seed, "orders");
	const orders = Array.from({ length: ordersCount - 1 }, () => shuffled(chance, records));
	return [records.toReversed(), ...orders];
}

function convergenceOf({ histories }: Expected): Observed["convergedAfterMs"] {
	const times = [...histories.values()]
		.map(({ convergedAfterMs }) => convergedAfterMs)
		.filter((ms) => ms > 0);
	if (times.length === 0) return null;
	return { p50: quantileOf(times, 0.5), p95: quantileOf(times, 0.95) };
}
