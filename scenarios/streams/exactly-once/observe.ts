import { join } from "node:path";
import {
	type Digest,
	digest,
	type ExactlyOnce,
	exactlyOnce,
	type HookContext,
	type Latency,
	latencyOf,
	timesOf,
	toldByKey,
} from "faultline";
import { attemptsFile, readLines } from "./attempts.ts";
import { type Cost, measureCost } from "./cost.ts";
import type { EngineWork } from "./engine.ts";
import { engineOf, workersOf } from "./engines.ts";
import { latencyOfWork } from "./latency.ts";
import {
	type AnomalyName,
	anomaliesOf,
	anomalyText,
	anomalies as known,
	rightCount,
} from "./oracle/anomalies.ts";
import { attemptsIn, type WrittenAttempt } from "./oracle/attempts.ts";
import { placeText } from "./oracle/history.ts";
import { truthOf } from "./oracle/truth.ts";
import type { P } from "./params.ts";
import { paymentOf } from "./payments.ts";
import { type Stretch, timelineOf } from "./timeline.ts";
import type { Watch } from "./watch.ts";

type Ctx = HookContext<P, "kafka" | "postgres", Watch, "payments">;

/** What is wrong by one name: how often, and the first ten by account, partition and offset. */
export type Found = { anomaly: AnomalyName; count: number; first: string[] };

export type Observed = {
	anomalies: Found[];
	/** Payments that have one result, and a right one. */
	rightCount: number;
	/** All results, as the reading that counts has them. */
	results: Digest;
	/** How the processors' attempts ended; `died` with their processor. */
	attempts: { committed: number; aborted: number; fenced: number; unknown: number; died: number };
	/** Results that were written and then aborted for certain; null of a sink whose attempts are not atomic. */
	abortedCount: number | null;
	/** How many of them a reader saw that asks for `read_uncommitted`. */
	abortedSeenCount: number;
	/** Of commits, as the processors have timed them. */
	commit: Latency;
	/** From when a payment was due until its work was committed; of all of them, whatever struck meanwhile. */
	latency: Latency;
	/** What the engine says of its own work. */
	work: EngineWork;
	timeline: Stretch[];
	/** What exactly once costs; null where that was not measured. */
	cost: Cost | null;
	/** By partition: the end of the payments, where the work goes on, and where the results end. */
	offsets: { end: number; committed: number; done: number }[];
};

/** Ends the readers, and holds what they have read against what the processors have written down. */
export async function observe(ctx: Ctx): Promise<Observed> {
	const { state: watch, params, subjectFolder } = ctx;
	const [ends, committed] = await Promise.all([watch.ends(), watch.committed(ctx)]);
	const { result, others } = await watch.close();
	const byProcessor = workersOf(params).map((name) =>
		attemptsIn(readLines(join(subjectFolder(name), attemptsFile))),
	);
	const attempts = byProcessor.flat();
	const history = { input: watch.payments, attempts, result, others };
	const found = anomaliesOf(history);
	const aborted = new Set(attempts.filter(isAborted).map(({ id }) => id));
	const seen = others
		.filter(({ isolation }) => isolation === "read_uncommitted")
		.flatMap(({ reads }) => reads.filter(({ attempt }) => aborted.has(attempt))).length;
	const done = new Map<number, number>();
	for (const { source } of result.reads)
		done.set(source.partition, Math.max(source.offset + 1, done.get(source.partition) ?? 0));
	return {
		anomalies: countedByName(found),
		rightCount: rightCount(watch.payments, found),
		results: await digest(
			result.reads,
			({ source }) => placeText(source),
			({ source, account, cents, seq, balanceCents }) =>
				rowText({ place: placeText(source), account, cents, seq, balanceCents }),
		),
		attempts: endsOf(attempts),
		abortedCount: isAtomic(params) ? Math.max(seen, writtenIn(attempts.filter(isAborted))) : null,
		abortedSeenCount: seen,
		commit: latencyOf(
			attempts.flatMap(({ commitMs }) =>
				commitMs === null ? [] : [[[Math.round(commitMs * 1_000), 1] as [number, number]]],
			),
		),
		latency: latencyOfWork(attempts, watch.payments, await timesOf(ctx, "payments"), ctx.zeroMs),
		work: engineOf(params).work(ctx),
		timeline: timelineOf(byProcessor, ctx.zeroMs),
		cost: await costIn(ctx),
		offsets: ends.map((end, partition) => ({
			end,
			committed: committed[partition] ?? 0,
			done: done.get(partition) ?? 0,
		})),
	};
}

async function costIn({ params, direct, names, signal }: Ctx): Promise<Cost | null> {
	if (params.costPairs === 0 || !engineOf(params).isCostMeasured) return null;
	return measureCost({
		brokers: direct.kafka.brokers,
		databaseUrl: direct.postgres.url,
		prefix: names.topicPrefix,
		sink: params.sink,
		pairs: params.costPairs,
		payments: params.costPayments,
		paymentsMax: params.paymentsMax,
		accounts: params.accounts,
		signal,
	});
}

export type Expected = {
	/** What was accepted, held against the log of the payments. */
	accepted: ExactlyOnce;
	/** Payments in the log that are not as the seed makes them. */
	alteredCount: number;
	/** What the log of the payments comes to, without any processor. */
	results: Digest;
};

/** The payments as the seed makes them and as their log has them, and what they come to. */
export async function expected(ctx: Ctx): Promise<Expected> {
	const { params, state: watch } = ctx;
	const { payments } = watch;
	const copies = Map.groupBy(payments, ({ n }) => String(n));
	const told = await toldByKey(ctx, "payments", String);
	const truth = truthOf(payments);
	return {
		accepted: exactlyOnce(told, new Map([...copies].map(([n, all]) => [n, all.length]))),
		alteredCount: payments.filter(({ n, account, cents }) => {
			const made = paymentOf(params.seed, n, params.accounts);
			return made.account !== account || made.cents !== cents;
		}).length,
		results: await digest(payments, placeText, (payment) => {
			const { seq, balanceCents } = truth.get(placeText(payment))!;
			const { account, cents } = payment;
			return rowText({ place: placeText(payment), account, cents, seq, balanceCents });
		}),
	};
}

function rowText(row: {
	place: string;
	account: string;
	cents: number;
	seq: number | null;
	balanceCents: number | null;
}): string {
	return [row.place, row.account, row.cents, row.seq, row.balanceCents].join(" ");
}

/** Whether an attempt of this sink leaves nothing where it does not commit. */
function isAtomic({ sink, guard }: P): boolean {
	return guard === "on" && sink !== "upsert";
}

/** What those of them wrote that had come to their commit, and so had written all. */
function writtenIn(attempts: readonly WrittenAttempt[]): number {
	return attempts.reduce((sum, { written, offsets }) => sum + (written ? offsets.length : 0), 0);
}

function isAborted({ told }: WrittenAttempt): boolean {
	return told === "aborted";
}

function endsOf(attempts: readonly WrittenAttempt[]): Observed["attempts"] {
	const count = (end: WrittenAttempt["ended"]) =>
		attempts.filter(({ ended }) => ended === end).length;
	return {
		committed: count("committed"),
		aborted: count("aborted"),
		fenced: count("fenced"),
		unknown: count("unknown"),
		died: count(null),
	};
}

const shownMax = 10;

function countedByName(all: ReturnType<typeof anomaliesOf>): Found[] {
	return (Object.keys(known) as AnomalyName[]).map((anomaly) => {
		const some = all.filter((one) => one.anomaly === anomaly);
		return { anomaly, count: some.length, first: some.slice(0, shownMax).map(anomalyText) };
	});
}
