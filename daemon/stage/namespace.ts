import type pg from "pg";
import { connectPostgres } from "../../base/postgres-client.ts";
import type { RunNames } from "../../base/run-names.ts";
import { groupsLoaded } from "../../chaos/group-coordinators.ts";
import { putOutMembers } from "../../chaos/group-members.ts";

/** Where a run's objects live, of the services that are up; a service that is not has nothing of ours to remove. */
export interface NamespaceServices {
	postgresUrl: string | null;
	redisUrl: string | null;
	kafkaBrokers: string[] | null;
}

/** A server that hangs must not keep a run from ending: what is left in it is removed when it is back. */
const answerLimitMs = 15_000;

/** Makes the run's own database; topics, keys and files are made by the run under its names. */
export async function createNamespace(services: NamespaceServices, names: RunNames): Promise<void> {
	if (services.postgresUrl !== null) {
		await withPostgres(services.postgresUrl, (client) =>
			client.query(`create database ${quote(names.database)}`),
		);
	}
}

/**
 * Removes everything that carries the run's names, whoever made it: databases, that of each part too, roles, slots;
 * publications go with their database; topics and groups; keys. Right when nothing is there, any number of times.
 */
export async function removeNamespace(services: NamespaceServices, names: RunNames): Promise<void> {
	const removals = [
		services.postgresUrl === null ? null : removeFromPostgres(services.postgresUrl, names.database),
		services.redisUrl === null ? null : removeFromRedis(services.redisUrl, names.keyPrefix),
		services.kafkaBrokers === null
			? null
			: removeFromKafka(services.kafkaBrokers, names.topicPrefix),
	];
	const failures = (await Promise.allSettled(removals)).flatMap((result) =>
		result.status === "rejected" ? [result.reason as Error] : [],
	);
	if (failures.length > 0) throw new AggregateError(failures, "");
}

async function removeFromPostgres(url: string, name: string): Promise<void> {
	await withPostgres(url, async (client) => {
		const slots = await client.query<{ slot_name: string }>(
			"select pg_terminate_backend(active_pid), slot_name from pg_replication_slots where starts_with(slot_name, $1)",
			[name],
		);
		for (const { slot_name } of slots.rows) {
			await client.query("select pg_drop_replication_slot($1)", [slot_name]);
		}
		const databases = await client.query<{ datname: string }>(
			"select datname from pg_database where starts_with(datname, $1)",
			[name],
		);
		for (const { datname } of databases.rows)
			await client.query(`drop database if exists ${quote(datname)} with (force)`);
		const roles = await client.query<{ rolname: string }>(
			"select rolname from pg_roles where starts_with(rolname, $1)",
			[name],
		);
		for (const { rolname } of roles.rows) await client.query(`drop role ${quote(rolname)}`);
	});
}

async function removeFromRedis(url: string, prefix: string): Promise<void> {
	const { Redis } = await import("ioredis");
	const redis = new Redis(url, {
		lazyConnect: true,
		maxRetriesPerRequest: 1,
		commandTimeout: answerLimitMs,
	});
	redis.on("error", () => {});
	try {
		await redis.connect();
		let cursor = "0";
		do {
			const [next, keys] = await redis.scan(cursor, "MATCH", `${prefix}*`, "COUNT", 1_000);
			if (keys.length > 0) await redis.unlink(keys);
			cursor = next;
		} while (cursor !== "0");
	} finally {
		redis.disconnect();
	}
}

async function removeFromKafka(brokers: string[], prefix: string): Promise<void> {
	const { Kafka, logLevel } = (await import("kafkajs")).default;
	const admin = new Kafka({ clientId: "faultline", brokers, logLevel: logLevel.NOTHING }).admin();
	try {
		await admin.connect();
		await groupsLoaded(admin);
		const groups = (await admin.listGroups()).groups
			.map(({ groupId }) => groupId)
			.filter((id) => id.startsWith(prefix));
		// A consumer that was killed is a member until its session runs out, and only an empty group can be deleted.
		for (const group of groups) await putOutMembers(admin, brokers, group);
		if (groups.length > 0) await admin.deleteGroups(groups);
		const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
		if (topics.length > 0) await admin.deleteTopics({ topics });
	} finally {
		await admin.disconnect();
	}
}

async function withPostgres<T>(url: string, action: (client: pg.Client) => Promise<T>): Promise<T> {
	const limits = { connectionTimeoutMillis: 5_000, query_timeout: answerLimitMs };
	const client = await connectPostgres(url, limits);
	try {
		return await action(client);
	} finally {
		await client.end();
	}
}

function quote(identifier: string): string {
	return `"${identifier.replaceAll('"', '""')}"`;
}
