import type { Admin } from "kafkajs";
import type { FaultUndo } from "../fault.ts";
import type { Target } from "../target.ts";

const limitMs = 3_000;

/** What Kafka kinds keep: where the brokers are, past all proxies. */
export interface KafkaUndo extends FaultUndo {
	brokers: string[];
}

export async function planOnKafka(target: Target, on: string, faultId: string): Promise<KafkaUndo> {
	return { faultId, on, brokers: await target.kafkaOf(on) };
}

/** Loads what Kafka kinds need. */
export async function warmKafka(): Promise<void> {
	await import("kafkajs");
}

/** One thing done by an admin client of its own; gives up soon, for whoever heals tries again. */
export async function onKafka<T>(
	brokers: string[],
	action: (admin: Admin) => Promise<T>,
): Promise<T> {
	const { Kafka, logLevel } = (await import("kafkajs")).default;
	const kafka = new Kafka({
		clientId: "faultline-fault",
		brokers,
		logLevel: logLevel.NOTHING,
		connectionTimeout: limitMs,
		requestTimeout: limitMs,
		retry: { retries: 1, initialRetryTime: 100 },
	});
	const admin = kafka.admin();
	try {
		await admin.connect();
		return await action(admin);
	} finally {
		await admin.disconnect();
	}
}
