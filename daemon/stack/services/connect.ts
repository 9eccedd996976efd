import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { readPostgresUrl } from "../../../base/postgres-url.ts";
import { writeDurably } from "../../home/home.ts";
import { type Cache, cached, fetchOnce, type Parcel } from "../../tools/cache.ts";
import { missing } from "../../tools/component.ts";
import { onPath } from "../../tools/program.ts";
import { type Artifact, mavenJars, requireMaven } from "../../tools/recipes/maven.ts";
import { askHttp } from "../ask-http.ts";
import { javaArgs, javaLocale, javaOf, propertiesText, requireJava } from "../java.ts";
import { removeConnectors } from "../remove-connectors.ts";
import { secretOf } from "../secrets.ts";
import type { LaunchContext, Service } from "../service.ts";
import { hostOf, urlOf } from "../urls.ts";

const version = "4.3.1";
/** The one after it has a part that is not in Maven Central. */
const debezium = "3.7.0.Final";
const parcel: Parcel = {
	name: `connect-${version}-debezium-${debezium}`,
	what: `Kafka Connect ${version} with Debezium ${debezium}`,
	why: "it carries changes of Postgres into Kafka",
	from: "Maven Central",
	sizeMb: 65,
	typicalSeconds: 30,
};
const worker: Artifact[] = [
	`org.apache.kafka:connect-runtime:${version}`,
	`org.apache.kafka:connect-json:${version}`,
	`org.apache.kafka:connect-basic-auth-extension:${version}`,
	"org.slf4j:slf4j-simple:1.7.36",
];
const plugin: Artifact[] = [`io.debezium:debezium-connector-postgres:${debezium}`];
const source = `Maven ${plugin[0]}`;
const fix =
	"have our own kafka with it, Java 17 or later, and Maven (apt-get install default-jdk-headless maven)";
const user = "faultline";
/** In a connector's configuration: `"database.password": "${env:FLT_POSTGRES_PASSWORD}"`. */
const passwordVariable = "FLT_POSTGRES_PASSWORD";

/** `connect.properties`: one worker that keeps all it knows in Kafka, so that it goes on after it was killed. */
export function workerProperties(
	brokers: readonly string[],
	port: number,
): Record<string, string | number | boolean> {
	const kept = Object.fromEntries(
		["config", "offset", "status"].flatMap((what) => [
			// Two underlines: to whoever lists topics they are none of his.
			[`${what}.storage.topic`, `__connect-${what}`],
			[`${what}.storage.replication.factor`, brokers.length],
		]),
	);
	return {
		"bootstrap.servers": brokers.join(),
		"group.id": "__connect",
		listeners: `http://127.0.0.1:${port}`,
		...kept,
		"offset.storage.partitions": 1,
		"status.storage.partitions": 1,
		"offset.flush.interval.ms": 1_000,
		"key.converter": "org.apache.kafka.connect.json.JsonConverter",
		"key.converter.schemas.enable": false,
		"value.converter": "org.apache.kafka.connect.json.JsonConverter",
		"value.converter.schemas.enable": false,
		// One that was killed is waited for as long as its session lasts, and its work for minutes by default.
		"session.timeout.ms": 3_000,
		"heartbeat.interval.ms": 1_000,
		"scheduled.rebalance.max.delay.ms": 0,
		"plugin.discovery": "service_load",
		// What a connector is told lies in Kafka, which everybody may read: secrets go by the environment.
		"config.providers": "env",
		"config.providers.env.class": "org.apache.kafka.common.config.provider.EnvVarConfigProvider",
		"config.providers.env.param.allowlist.pattern": passwordVariable,
		"rest.extension.classes":
			"org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension",
	};
}

/**
 * A worker of Kafka Connect with Debezium's connector for Postgres, on our own Kafka, past its proxy; a connector reaches
 * Postgres where its configuration says, such as a path. Names of a run's connectors begin with its `topicPrefix`.
 */
const connect: Service = {
	ports: ["direct"],
	proxiedPort: null,
	readyLimitMs: 90_000,
	memoryMb: 550,
	after: ["kafka"],
	stop: { signal: "SIGTERM", graceMs: 5_000 },

	external: () => null,
	endpointAt: (address, home) => ({
		kind: "http",
		url: `http://${user}:${secretOf(home, "connect")}@${address}`,
	}),
	upstreamOf: (endpoint) => hostOf(urlOf(endpoint), 80),
	cleanRun: (endpoint, { topicPrefix }) => removeConnectors(endpoint, topicPrefix),

	async fetch(cache) {
		try {
			await requireJava(cache, fix);
			if (cached(cache, parcel) === null) requireMaven(cache, fix);
			const folder = await fetchOnce(cache, parcel, async (draft) => {
				await mavenJars(cache, join(draft, "libs"), worker);
				await mavenJars(cache, join(draft, "plugins", "debezium"), plugin);
			});
			return { version, source, path: folder };
		} catch (error) {
			throw missing(`Maven was asked for ${plugin[0]}`, fix, error);
		}
	},

	survey(cache: Cache) {
		if (javaOf(cache.env) === null)
			return { state: "missing", tried: "java in JAVA_HOME and on the PATH", fix };
		const folder = cached(cache, parcel);
		if (folder !== null) return { state: "found", version, source: folder };
		if (onPath(cache.env, "mvn") === null)
			return { state: "missing", tried: "mvn on the PATH", fix };
		return { state: "fetchable", version, source };
	},

	async prepare(context) {
		const { home, component, ports, env } = context;
		const folder = home.data("connect");
		mkdirSync(folder, { recursive: true });
		const properties = {
			...workerProperties(brokersOf(context), ports.direct!),
			"plugin.path": join(component.path, "plugins"),
		};
		const users = join(folder, "users.properties");
		const login = join(folder, "login.conf");
		const files = {
			"connect.properties": propertiesText(properties),
			"users.properties": propertiesText({ [user]: secretOf(home, "connect") }),
			"login.conf": `KafkaConnect {
	org.apache.kafka.connect.rest.basic.auth.extension.PropertyFileLoginModule required file="${users}";
};
`,
		};
		for (const [name, text] of Object.entries(files)) writeDurably(join(folder, name), text);
		const main = "org.apache.kafka.connect.cli.ConnectDistributed";
		return {
			file: javaOf(env) ?? "java",
			args: [
				`-Djava.security.auth.login.config=${login}`,
				...javaArgs(join(component.path, "libs"), main, { heapMb: 384 }),
				"connect.properties",
			],
			variables: { ...javaLocale, [passwordVariable]: postgresPassword(context) },
			folder,
			configuration: Object.values(files).join(""),
			user: null,
			staleFiles: [],
			beforeStart: null,
		};
	},

	async probe(endpoint, limitMs) {
		const url = urlOf(endpoint);
		const { status, body } = await askHttp(url, limitMs, { path: "/health" });
		if (status !== 200) throw new Error(`it is not ready: ${status} ${body.slice(0, 200)}`);
		const root = await askHttp(url, limitMs);
		return (JSON.parse(root.body) as { version?: string }).version ?? null;
	},
};

/** What it keeps in a Kafka it would leave there: it runs on our own alone. */
function brokersOf({ reach }: LaunchContext): string[] {
	const kafka = reach("kafka");
	if (kafka?.isOurs && kafka.endpoint.kind === "kafka") return kafka.endpoint.brokers;
	const why = kafka === null ? "is not up" : "is external";
	throw missing(`connect runs on our own kafka, which ${why}`, fix);
}

/** The password of the Postgres that is there, by whatever name a connector's configuration calls it. */
function postgresPassword({ reach }: LaunchContext): string {
	const postgres = reach("postgres");
	return postgres === null ? "" : (readPostgresUrl(urlOf(postgres.endpoint)).password ?? "");
}

export default connect;
