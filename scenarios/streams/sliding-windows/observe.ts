import { type HookContext, outcomesOf, recordsOf } from "faultline";
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
import { allOverMs, closersOf } from "./closers.ts";
import { type Comparison, compare } from "./compare.ts";
import type { Left } from "./engine.ts";
import { engines } from "./engines.ts";
import { messageOf, purchasesOf, streamOf } from "./names.ts";
import { expectedWindows } from "./oracle/expected-windows.ts";
import type { P } from "./params.ts";
import { resultsTopic } from "./window-job.ts";

/** What is seen of a case when it is over. */
export type Observed = {
	comparison: Comparison;
	log: Log;
	/** Of the log's messages, those that repeat an earlier one, by the seed. */
	repeatedCount: number;
	left: Left;
	/** Messages that end the stream: they are worked on too, and are in no log of a seed. */
	closersCount: number;
	work: Work;
};

/** Makes the topics, and what is there before anybody reads. */
export async function arrange(ctx: HookContext<P, "kafka">): Promise<Ending> {
	const { names, params } = ctx;
	const own = engines[params.engine].topics(names, params);
	await makeTopics(
		ctx,
		streamOf(params),
		own,
		params.partitions,
		backlogOf(params.backlog, messageOf(params)),
	);
	return notEnded();
}

/** Ends the stream, once, and waits until all has been brought to its end. */
export async function atRest(ctx: HookContext<P, "kafka", Ending, "purchases">) {
	const { params, state } = ctx;
	const purchases = purchasesOf(params);
	const count = params.backlog + ctx.counts("purchases").started;
	return restOf(ctx, streamOf(params), state, {
		closers: closersOf(params, purchases, count),
		partitions: purchases.usedPartitions,
		untilMs: allOverMs(params, purchases, count),
		stands: () => engines[params.engine].stands(ctx),
	});
}

/** What stands in the topics, past every proxy, held against the messages made again from the seed. */
export async function observe(
	ctx: HookContext<P, "kafka", Ending, "purchases">,
): Promise<Observed> {
	const { params, direct, names } = ctx;
	const engine = engines[params.engine];
	const stream = streamOf(params);
	const messages = (await recordsOf(direct, inputOf(names, stream))).map(
		({ partition, value }) => ({ partition, value: value! }),
	);
	const given = (await recordsOf(direct, resultsOf(names, stream, resultsTopic))).map(
		({ key, value }) => ({ key: key!, value: String(value) }),
	);
	const purchases = purchasesOf(params);
	const { backlog } = params;
	const acknowledged = Array.from({ length: backlog }, (_, n) => n);
	for (const [n, outcome] of await outcomesOf(ctx, "purchases"))
		if (outcome === "ok") acknowledged.push(backlog + n);
	const { log, logged } = readLog(messages, purchases, acknowledged);
	const events = logged.map(({ event }) => event);
	return {
		comparison: compare(given, expectedWindows(events)),
		log,
		repeatedCount: events.length - new Set(events.map(({ id }) => id)).size,
		left: await engine.left(ctx),
		closersCount: closersOf(params, purchases, 0).length,
		work: engine.work(
			ctx,
			endsOf(backlog, params.partitions, (n) => purchases.partitionAt(n)),
		),
	};
}
