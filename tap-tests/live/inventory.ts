import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import kafkajs from "kafkajs";
import pg from "pg";
import { findMarked, stateOf } from "../../base/process.ts";
import type { StackDocument } from "../../daemon/api/views.ts";
import type { ApiClient } from "../../daemon/client/client.ts";
import { foldersOf, type Home } from "../../daemon/home/home.ts";
import { secretOf } from "../../daemon/stack/secrets.ts";
import { ToxiproxyClient } from "../../toxiproxy/client.ts";

/** All that is on all services and of this home's processes; equal before and after a run. */
export interface Inventory {
	databases: string[];
	roles: string[];
	slots: string[];
	/** They are the server's: none goes with the database that it was made for. */
	tablespaces: string[];
	topics: string[];
	groups: string[];
	keys: string[];
	proxies: string[];
	toxics: string[];
	workFolders: string[];
	/** Sessions of Postgres that are neither its own nor anonymous, such as a fault's. */
	sessions: string[];
	/** Settings of databases and roles, and of Redis as far as faults change them. */
	settings: string[];
	/** Processes of this home that are stopped. */
	frozen: number[];
}

export async function inventory(client: ApiClient, home: Home): Promise<Inventory> {
	const { components } = await client.get<StackDocument>("/stack");
	const direct = (name: string) =>
		(components.find((row) => row.name === name)?.direct ?? "").replace(
			":***@",
			`:${secretOf(home, name)}@`,
		);
	const postgres =
		direct("postgres") === "" ? nothingOfPostgres : await ofPostgres(direct("postgres"));
	const redis =
		direct("redis") === "" ? { keys: [], settings: [] } : await ofRedis(direct("redis"));
	const { topics, groups } =
		direct("kafka") === ""
			? { topics: [], groups: [] }
			: await ofKafka(direct("kafka").replace("kafka://", "").split(","));
	const proxies = await new ToxiproxyClient(direct("toxiproxy")).listProxies();
	const marked = await findMarked(home.id, ...foldersOf(home));
	const work = join(home.folder, "work");
	return {
		...postgres,
		topics,
		groups,
		keys: redis.keys,
		settings: [...postgres.settings, ...redis.settings],
		proxies: proxies.map(({ name }) => name).sort(),
		toxics: proxies.flatMap(({ toxics }) => toxics.map(({ name }) => name)),
		workFolders: existsSync(work) ? readdirSync(work) : [],
		frozen: marked.flatMap((member) => (stateOf(member) === "T" ? [member.pid] : [])),
	};
}

type OfPostgres = Pick<
	Inventory,
	"databases" | "roles" | "slots" | "tablespaces" | "sessions" | "settings"
>;
const nothingOfPostgres: OfPostgres = {
	databases: [],
	roles: [],
	slots: [],
	tablespaces: [],
	sessions: [],
	settings: [],
};

async function ofPostgres(url: string): Promise<OfPostgres> {
	const postgres = new pg.Client({ connectionString: url });
	await postgres.connect();
	const names = async (sql: string) =>
		(await postgres.query<{ name: string }>(sql)).rows.map(({ name }) => name);
	const databases = await names("select datname as name from pg_database order by 1");
	const roles = await names("select rolname as name from pg_roles order by 1");
	const slots = await names("select slot_name as name from pg_replication_slots order by 1");
	const tablespaces = await names("select spcname as name from pg_tablespace order by 1");
	const sessions = await names(
		"select application_name as name from pg_stat_activity where application_name <> '' order by 1",
	);
	const settings = await names(
		"select concat(setdatabase, ' ', setrole, ' ', setconfig) as name from pg_db_role_setting order by 1",
	);
	await postgres.end();
	return { databases, roles, slots, tablespaces, sessions, settings };
}

async function ofRedis(url: string): Promise<{ keys: string[]; settings: string[] }> {
	const redis = new Redis(url);
	const keys = (await redis.keys("*")).sort();
	// In pairs, and in another order each time.
	const pairs = (await redis.config("GET", "maxmemory*")) as string[];
	const settings = pairs
		.flatMap((name, i) => (i % 2 === 0 ? `${name} ${pairs[i + 1]}` : []))
		.sort();
	// A server that is paused answers questions, and holds back what writes.
	await redis.del("flt:paused?");
	redis.disconnect();
	return { keys, settings };
}

async function ofKafka(brokers: string[]): Promise<{ topics: string[]; groups: string[] }> {
	const { Kafka, logLevel } = kafkajs;
	const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
	await admin.connect();
	// `__consumer_offsets` is the broker's own, made for the first group that there is; others are those of Connect.
	const topics = (await admin.listTopics()).filter((topic) => !topic.startsWith("__")).sort();
	const listed = (await admin.listGroups()).groups.map(({ groupId }) => groupId);
	const groups = listed.filter((group) => !group.startsWith("__")).sort();
	await admin.disconnect();
	return { topics, groups };
}
