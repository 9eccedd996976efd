import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type HookContext, kafkaAdmin, makeTopic } from "faultline";
import type { Admin } from "kafkajs";
import { sampleLag } from "./broker-lag.ts";
import { conclude, type Observed } from "./conclude.ts";
import { drainAll, drainFor } from "./drain.ts";
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
	static async open({ direct, names, params }: HookContext<P, "kafka">): Promise<LagWatch> {
		const admin = await kafkaAdmin(direct);
		await makeTopic(admin, { topic: topicOf(names, params), numPartitions: params.partitions });
		return new LagWatch(admin, topicOf(names, params), groupOf(names, params));
	}

	/** Messages that wait, over all partitions. */
	async look(): Promise<number> {
		const sample = await sampleLag(this.#admin, this.#topic, this.#group);
		this.samples.push(sample);
		return total(lagOf(sample));
	}

	close(): Promise<void> {
		return this.#admin.disconnect();
	}
}

/** Waits for the consumers, ends them, and puts their record beside the broker's. */
export async function observe(ctx: HookContext<P, "kafka">, watch: LagWatch): Promise<Observed> {
	const { params, zeroMs, signal } = ctx;
	// What costs something is left by arithmetic, which knows how long it had; what costs nothing has to come through.
	const drain = params.costUs > 0 ? drainFor : drainAll;
	await drain(params.drainMs, {
		look: () => watch.look(),
		pause: () => pause(10, undefined, { signal }),
		nowMs: () => performance.now(),
	});
	const consumers = consumerNames(params);
	await Promise.all(consumers.map((name) => fetch(ctx.subject(name), { method: "POST", signal })));
	await watch.look();
	const records = Object.fromEntries(
		consumers.map((name) => [name, readRecord(join(ctx.subjectFolder(name), recordFile))]),
	);
	const { partitions } = params;
	return conclude({ records, samples: watch.samples, partitions, zeroMs, phase: "steady" });
}
