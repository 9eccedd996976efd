import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Admin } from "kafkajs";
import type { HookContext } from "../scenario.ts";
import { connectAdmin, sampleLag } from "./broker-lag.ts";
import { deliveredOf } from "./delivered.ts";
import { compareLags, type LagAgreement, type LagSample, lagOf, total } from "./lag.ts";
import { type Latency, latencyOf } from "./latency.ts";
import { consumerNames, groupOf, topicOf } from "./names.ts";
import { type KeyOrder, keyOrderOf } from "./order.ts";
import type { P } from "./params.ts";
import { type Line, type PartEntry, partsOf, readRecord, recordFile } from "./record.ts";

/** One look at the lag, in run time. */
export type LagAt = { atMs: number; lag: number[]; ends: number[] };

export type Observed = {
	/** By partition: what the log holds, what the group took, and what the consumers' record says of it. */
	partitions: {
		end: number;
		committed: number;
		position: number;
		delivered: number;
		sum: number | null;
		skippedCount: number;
		redeliveredCount: number;
	}[];
	lags: LagAt[];
	agreement: LagAgreement;
	order: KeyOrder;
	/** Of the messages that were to be sent in steady state. */
	latency: Latency;
	/** Each time that a partition went from one consumer to another, in run time. */
	takeovers: { partition: number; from: string; to: string; firstAtMs: number }[];
};

/** Looks at the lag at the broker, as long as a case lasts. */
export class LagWatch {
	readonly samples: LagSample[] = [];
	readonly #admin: Admin;
	readonly #topic: string;
	readonly #group: string;

	private constructor(admin: Admin, topic: string, group: string) {
		this.#admin = admin;
		this.#topic = topic;
		this.#group = group;
	}

	/** Makes the topic, and watches it. */
	static async open({ direct, names, params }: HookContext<P>): Promise<LagWatch> {
		if (direct.kafka?.kind !== "kafka") throw new Error("this scenario needs Kafka");
		const admin = await connectAdmin([...direct.kafka.brokers]);
		await admin.createTopics({
			waitForLeaders: true,
			topics: [{ topic: topicOf(names, params), numPartitions: params.partitions }],
		});
		return new LagWatch(admin, topicOf(names, params), groupOf(names, params));
	}

	/** Messages that wait, over all partitions. */
	async look(): Promise<number> {
		const sample = await sampleLag(this.#admin, this.#topic, this.#group);
		this.samples.push(sample);
		return total(lagOf(sample));
	}

	/** Until nothing waits, or so long. */
	async drain(limitMs: number, signal: AbortSignal): Promise<void> {
		const giveUpAt = performance.now() + limitMs;
		while ((await this.look()) > 0 && performance.now() < giveUpAt)
			await pause(10, undefined, { signal });
	}

	close(): Promise<void> {
		return this.#admin.disconnect();
	}
}

/** Waits for the consumers, ends them, and puts their record beside the broker's. */
export async function observe(ctx: HookContext<P>, watch: LagWatch): Promise<Observed> {
	const { params, zeroMs, signal } = ctx;
	await watch.drain(params.drainMs, signal);
	const consumers = consumerNames(params);
	await Promise.all(consumers.map((name) => fetch(ctx.subject(name), { method: "POST", signal })));
	await watch.look();
	const records: Record<string, Line[]> = Object.fromEntries(
		consumers.map((name) => [name, readRecord(join(ctx.subjectFolder(name), recordFile))]),
	);
	const byPartition = partsOf(records, params.partitions);
	const { ends, committed } = watch.samples.at(-1)!;
	const agreement = compareLags(watch.samples, byPartition);
	const regressions = Object.values(records).flatMap((lines) => regressionsOf(lines));
	return {
		partitions: byPartition.map((parts, partition) => {
			const { count, sum, skippedCount, redeliveredCount } = deliveredOf(parts);
			const position = parts.at(-1)?.to ?? 0;
			const log = { end: ends[partition]!, committed: committed[partition]! };
			return { ...log, position, delivered: count, sum, skippedCount, redeliveredCount };
		}),
		lags: watch.samples.map((sample) => ({
			atMs: Math.round(sample.toMs - zeroMs),
			lag: lagOf(sample),
			ends: sample.ends,
		})),
		agreement: { ...agreement, disagreements: agreement.disagreements.slice(0, 10) },
		order: keyOrderOf(byPartition, total(regressions)),
		latency: latencyOf(records, "steady"),
		takeovers: takeoversOf(byPartition).map((takeover) => ({
			...takeover,
			firstAtMs: Math.round(takeover.firstAtMs - zeroMs),
		})),
	};
}

function regressionsOf(lines: readonly Line[]): number[] {
	return [...new Map(lines.map((line) => [line.pid, line.regressionCount])).values()];
}

function takeoversOf(byPartition: readonly PartEntry[][]): Observed["takeovers"] {
	return byPartition.flatMap((parts, partition) =>
		parts.flatMap((part, i) => {
			const before = parts[i - 1];
			return before === undefined || before.consumer === part.consumer
				? []
				: [{ partition, from: before.consumer, to: part.consumer, firstAtMs: part.firstAtMs }];
		}),
	);
}
