import type { Redis } from "ioredis";
import type { Admin } from "kafkajs";
import type pg from "pg";
import { connectPostgres } from "../../base/postgres-client.ts";
import { S3Client } from "../../base/s3-client.ts";
import type { Direct } from "../contract/context.ts";

// Clients of the services that a scenario needs, past every proxy, for as long as an action takes. Each client's library
// is loaded where it is used: the load's thread plans with the same files.

/** A client of the run's own database. */
export async function withPostgres<T>(
	{ postgres }: Direct<"postgres">,
	action: (client: pg.Client) => Promise<T>,
): Promise<T> {
	const client = await connectPostgres(postgres.url);
	try {
		return await action(client);
	} finally {
		await client.end();
	}
}

/** A client of Redis; what it makes is named by the run's `keyPrefix`. */
export async function withRedis<T>(
	{ redis }: Direct<"redis">,
	action: (client: Redis) => Promise<T>,
): Promise<T> {
	const { Redis } = await import("ioredis");
	const client = new Redis(redis.url, { lazyConnect: true, retryStrategy: () => null });
	// Without a listener a connection that breaks is written to the console; the command that meets it rejects all the same.
	client.on("error", () => {});
	try {
		await client.connect();
		return await action(client);
	} finally {
		client.disconnect();
	}
}

/** A client of S3; buckets that it makes begin with the run's `bucketPrefix`. */
export async function withS3<T>(
	{ s3 }: Direct<"s3">,
	action: (client: S3Client) => Promise<T>,
): Promise<T> {
	const client = new S3Client(s3.url);
	try {
		return await action(client);
	} finally {
		client.close();
	}
}

/** An administrator of Kafka; what it makes is named by the run's `topicPrefix`. */
export async function withKafka<T>(
	direct: Direct<"kafka">,
	action: (admin: Admin) => Promise<T>,
): Promise<T> {
	const admin = await kafkaAdmin(direct);
	try {
		return await action(admin);
	} finally {
		await admin.disconnect();
	}
}

/** An administrator of Kafka for who keeps it for longer; whoever asks for it disconnects it. */
export async function kafkaAdmin({ kafka }: Direct<"kafka">): Promise<Admin> {
	const [{ default: kafkajs }, { kafkaOptions }] = await Promise.all([
		import("kafkajs"),
		import("../../load/kafka-options.ts"),
	]);
	const admin = new kafkajs.Kafka(kafkaOptions(kafka)).admin();
	await admin.connect();
	return admin;
}
