import { Redis } from "ioredis";
import { Kafka, logLevel } from "kafkajs";
import pg from "pg";
import type { Endpoint } from "../../../base/endpoint.ts";
import { makeTopic } from "../../../chaos/kafka/make-topic.ts";

/** Milliseconds that `work` takes. */
async function timed(work: () => Promise<unknown>): Promise<number> {
	const began = performance.now();
	await work();
	return performance.now() - began;
}

/** How long one write through the service's usual client took; without the read that `roundTrip` adds, as that is slow. */
export async function writeTrip(endpoint: Endpoint): Promise<number> {
	return endpoint.kind === "kafka" ? kafkaTrip(endpoint.brokers, false) : roundTrip(endpoint);
}

/** One write and one read through the service's usual client; returns how long the write took. */
export async function roundTrip(endpoint: Endpoint): Promise<number> {
	switch (endpoint.kind) {
		case "postgres":
			return postgresTrip(endpoint.url);
		case "redis":
			return redisTrip(endpoint.url);
		case "kafka":
			return kafkaTrip(endpoint.brokers, true);
		case "s3":
			throw new Error("S3 is looked at where it is tested");
		case "tcp":
			throw new Error("no service of the stack is one of which nothing is known");
		case "http":
			return timed(async () => {
				const answer = await fetch(`${endpoint.url}/version`);
				if (!answer.ok) throw new Error(`${endpoint.url} answered ${answer.status}`);
			});
		default:
			return endpoint satisfies never;
	}
}

async function postgresTrip(url: string): Promise<number> {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	try {
		await client.query("CREATE TEMP TABLE trip (n int)");
		const ms = await timed(() => client.query("INSERT INTO trip VALUES (42)"));
		const { rows } = await client.query("SELECT n FROM trip");
		if (rows[0]?.n !== 42) throw new Error("the row is not there");
		return ms;
	} finally {
		await client.end();
	}
}

async function redisTrip(url: string): Promise<number> {
	const client = new Redis(url);
	try {
		await client.ping();
		const ms = await timed(() => client.set("trip", "42"));
		if ((await client.get("trip")) !== "42") throw new Error("the key is not there");
		return ms;
	} finally {
		client.disconnect();
	}
}

let topics = 0;

async function kafkaTrip(brokers: string[], read: boolean): Promise<number> {
	const kafka = new Kafka({ clientId: "trip", brokers, logLevel: logLevel.NOTHING });
	const topic = `trip-${process.pid}-${topics++}`;
	const admin = kafka.admin();
	const producer = kafka.producer();
	const consumer = kafka.consumer({ groupId: topic });
	try {
		await admin.connect();
		await makeTopic(admin, { topic });
		await producer.connect();
		const send = (value: string) => producer.send({ topic, messages: [{ value }] });
		await send("warm"); // the first send also asks for metadata and connects to the leader
		const ms = await timed(() => send("42"));
		if (!read) return ms;
		await consumer.connect();
		await consumer.subscribe({ topic, fromBeginning: true });
		await new Promise<void>((resolve) =>
			consumer.run({
				eachMessage: async ({ message }) => {
					if (String(message.value) === "42") resolve();
				},
			}),
		);
		return ms;
	} finally {
		await consumer.disconnect();
		await producer.disconnect();
		await admin.deleteTopics({ topics: [topic] });
		await admin.disconnect();
	}
}
