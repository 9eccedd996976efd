import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Admin } from "kafkajs";
import type { HookContext } from "../scenario.ts";
import { connectAdmin, sampleLag } from "./broker-lag.ts";
import { conclude, type Observed } from "./conclude.ts";
import { type LagSample, lagOf, total } from "./lag.ts";
import { consumerNames, groupOf, topicOf } from "./names.ts";
import type { P } from "./params.ts";
import { readRecord, recordFile } from "./record.ts";

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
			// Its partitions have leaders long before a consumer has been started.
			waitForLeaders: false,
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
	const records = Object.fromEntries(
		consumers.map((name) => [name, readRecord(join(ctx.subjectFolder(name), recordFile))]),
	);
	const { partitions } = params;
	return conclude({ records, samples: watch.samples, partitions, zeroMs, phase: "steady" });
}
