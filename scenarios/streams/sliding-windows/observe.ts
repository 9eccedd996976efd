import {
	appendTo,
	type HookContext,
	type KafkaMessage,
	kafkaAdmin,
	makeTopic,
	monotonicMs,
	outcomesOf,
	recordsOf,
} from "faultline";
import { allOverMs, closersOf } from "./closers.ts";
import { type Comparison, compare } from "./compare.ts";
import type { Left, Work } from "./engine.ts";
import { engines } from "./engines.ts";
import { type Log, readLog } from "./log.ts";
import { purchasesOf, topicsOf } from "./names.ts";
import { expectedWindows } from "./oracle/expected-windows.ts";
import type { P } from "./params.ts";
import { encode } from "./purchase.ts";

/** What is seen of a case when it is over. */
export type Observed = {
	comparison: Comparison;
	log: Log;
	/** Of the log's messages, those that repeat an earlier one, by the seed. */
	repeatedCount: number;
	left: Left;
	work: Work;
};

/** What hooks leave for the hooks after them. */
export interface State {
	/** The messages are sent that end the stream. */
	isClosed: boolean;
	/** Where the engine stood at the last look, and since when. */
	stands: string;
	movedAtMs: number;
}

/** Longer than it takes to notice that somebody is gone, and to restore what that one had. */
const stuckMs = 15_000;

/** Makes the topics, and what is there before anybody reads. */
export async function arrange({ direct, names, params }: HookContext<P, "kafka">): Promise<State> {
	const { partitions, engine, backlog } = params;
	const { input, results } = topicsOf(names, params);
	const admin = await kafkaAdmin(direct);
	try {
		const topics = [{ topic: input }, { topic: results }, ...engines[engine].topics(names, params)];
		await Promise.all(
			topics.map((topic) => makeTopic(admin, { ...topic, numPartitions: partitions })),
		);
	} finally {
		await admin.disconnect();
	}
	if (backlog > 0) await appendTo(direct, input, backlogOf(params));
	return { isClosed: false, stands: "", movedAtMs: monotonicMs() };
}

function* backlogOf(p: P): Generator<KafkaMessage> {
	const purchases = purchasesOf(p);
	for (let n = 0; n < p.backlog; n++) {
		const purchase = purchases.at(n);
		const value = encode({ ...purchase, n, sentAtMs: null, phase: "before" });
		yield { key: Buffer.from(purchase.user), value, partition: purchases.partitionAt(n) };
	}
}

/** Ends the stream, once, and waits until all has been brought to its end. */
export async function atRest(ctx: HookContext<P, "kafka", State, "purchases">) {
	const { params, direct, names, state } = ctx;
	const purchases = purchasesOf(params);
	const count = params.backlog + ctx.counts("purchases").started;
	if (!state.isClosed) {
		const { input } = topicsOf(names, params);
		await appendTo(direct, input, closersOf(params, purchases, count));
		state.isClosed = true;
		state.movedAtMs = monotonicMs();
	}
	const untilMs = allOverMs(params, purchases, count);
	// A broker that has just come back may not know yet.
	const stands = await engines[params.engine].stands(ctx).catch(() => []);
	const over = stands.filter(({ watermarkMs }) => watermarkMs >= untilMs);
	const there = new Set(over.map(({ partition }) => partition));
	const partitions_behind = [...purchases.usedPartitions].filter((one) => !there.has(one)).length;
	const now = JSON.stringify(stands);
	if (now !== state.stands) {
		state.stands = now;
		state.movedAtMs = monotonicMs();
	}
	// One that does nothing any more is not waited for.
	const isStuck = monotonicMs() - state.movedAtMs > stuckMs;
	return isStuck ? { still: { partitions_behind } } : { zero: { partitions_behind } };
}

/** What stands in the topics, past every proxy, held against the messages made again from the seed. */
export async function observe(ctx: HookContext<P, "kafka", State, "purchases">): Promise<Observed> {
	const { params, direct, names } = ctx;
	const engine = engines[params.engine];
	const { input, results } = topicsOf(names, params);
	const own = engine.topics(names, params).map(({ topic }) => topic);
	const live = Array.from({ length: params.partitions }, () => new Map<string, string>());
	for (const topic of own)
		for (const { partition, key, value } of await recordsOf(direct, topic))
			if (value === null) live[partition]!.delete(key!);
			else live[partition]!.set(key!, String(value));
	const messages = (await recordsOf(direct, input)).map(({ partition, value }) => ({
		partition,
		value: value!,
	}));
	const given = (await recordsOf(direct, results)).map(({ key, value }) => ({
		key: key!,
		value: String(value),
	}));
	const purchases = purchasesOf(params);
	const { backlog } = params;
	const acknowledged = Array.from({ length: backlog }, (_, n) => n);
	for (const [n, outcome] of await outcomesOf(ctx, "purchases"))
		if (outcome === "ok") acknowledged.push(backlog + n);
	const { log, logged } = readLog(messages, purchases, acknowledged);
	return {
		comparison: compare(given, expectedWindows(logged)),
		log,
		repeatedCount: logged.length - new Set(logged.map(({ id }) => id)).size,
		left: engine.left(live, params),
		work: engine.work(ctx, backlogEndsOf(params)),
	};
}

/** Where each partition ended before anybody read. */
function backlogEndsOf(p: P): number[] {
	const purchases = purchasesOf(p);
	const ends = new Array<number>(p.partitions).fill(0);
	for (let n = 0; n < p.backlog; n++) ends[purchases.partitionAt(n)]!++;
	return ends;
}
