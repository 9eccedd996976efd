import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { monotonicMs } from "faultline/subject";
import kafkajs, { type Admin } from "kafkajs";
import { type LagSample, lagOf, total } from "./lag.ts";

/** A client that asks brokers, past every consumer. Whoever connects it disconnects it. */
export async function connectAdmin(brokers: string[]): Promise<Admin> {
	const { Kafka, logLevel } = kafkajs;
	const kafka = new Kafka({ clientId: "lag", brokers, logLevel: logLevel.NOTHING });
	const admin = kafka.admin();
	await admin.connect();
	return admin;
}

/** The lag of one group on one topic. What is committed is asked for first, so that no lag is below 0. */
export async function sampleLag(admin: Admin, topic: string, group: string): Promise<LagSample> {
	const fromMs = monotonicMs();
	const offsets = await admin.fetchOffsets({ groupId: group, topics: [topic] });
	const highs = await admin.fetchTopicOffsets(topic);
	const committed = new Array<number>(highs.length).fill(0);
	for (const { partition, offset } of offsets[0]?.partitions ?? [])
		committed[partition] = Math.max(0, Number(offset));
	const ends = new Array<number>(highs.length).fill(0);
	for (const { partition, high } of highs) ends[partition] = Number(high);
	return { fromMs, toMs: monotonicMs(), ends, committed };
}

/** `node broker-lag.ts --brokers HOST:PORT --topic T --group G [--every-ms 500]`: a line per sample, until it is ended. */
if (import.meta.main) {
	const { values } = parseArgs({
		options: {
			brokers: { type: "string" },
			topic: { type: "string" },
			group: { type: "string" },
			"every-ms": { type: "string", default: "500" },
		},
	});
	const { brokers, topic, group } = values;
	if (brokers === undefined || topic === undefined || group === undefined)
		throw new Error("give it --brokers, --topic and --group");
	const admin = await connectAdmin(brokers.split(","));
	for (;;) {
		const sample = await sampleLag(admin, topic, group);
		const lags = lagOf(sample);
		console.log(
			JSON.stringify({ atMs: Math.round(sample.toMs), lag: total(lags), byPartition: lags }),
		);
		await pause(Number(values["every-ms"]));
	}
}
