import { createHash } from "node:crypto";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../../base/errors.ts";
import { groupsLoaded } from "../../../chaos/kafka/group-coordinators.ts";
import { putOutMembers } from "../../../chaos/kafka/group-members.ts";
import { endpointOf } from "../../../load/endpoint-of.ts";
import { cached, fetchOnce, type Parcel } from "../../tools/cache.ts";
import { missing } from "../../tools/component.ts";
import { onPath, runProgram } from "../../tools/program.ts";
import { type Artifact, mavenJars, requireMaven } from "../../tools/recipes/maven.ts";
import { askBrokers } from "../ask-brokers.ts";
import { externalBrokers, openFront } from "../external-kafka.ts";
import { javaArgs, javaLocale, javaOf, propertiesText, requireJava } from "../java.ts";
import type { LaunchContext, Place, Service } from "../service.ts";

const version = "4.3.1";
const parcel: Parcel = {
	name: `kafka-${version}`,
	what: `Kafka ${version}`,
	why: "the broker of the stack",
	from: "Maven Central",
	sizeMb: 54,
	typicalSeconds: 25,
};
const fix =
	"install Java 17 or later and Maven (apt-get install default-jdk-headless maven), or set FAULTLINE_KAFKA_BROKERS";

const artifacts: Artifact[] = [
	`org.apache.kafka:kafka_2.13:${version}`,
	`org.apache.kafka:kafka-tools:${version}`,
	"org.slf4j:slf4j-simple:1.7.36",
];

/**
 * `server.properties` of one node of a cluster: broker and controller, three listeners, everything on loopback. With
 * three nodes every partition has three replicas by default, and a write is accepted while two have it.
 */
export function serverProperties(
	{ id, ports, proxyAddress }: Place,
	cluster: readonly Place[],
): string {
	const voters = cluster.map((place, i) => `${i + 1}@127.0.0.1:${place.ports.controller}`);
	const replicas = cluster.length;
	const inSync = Math.ceil((replicas + 1) / 2);
	const properties = {
		"process.roles": "broker,controller",
		"node.id": cluster.findIndex((place) => place.id === id) + 1,
		"controller.quorum.voters": voters.join(),
		listeners: `DIRECT://127.0.0.1:${ports.direct},PROXIED://127.0.0.1:${ports.proxied},CONTROLLER://127.0.0.1:${ports.controller}`,
		// A client stays behind the proxy only because the broker says that this is where it lives.
		"advertised.listeners": `DIRECT://127.0.0.1:${ports.direct},PROXIED://${proxyAddress}`,
		"listener.security.protocol.map": "DIRECT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT",
		"inter.broker.listener.name": "DIRECT",
		"controller.listener.names": "CONTROLLER",
		"log.dirs": logFolder(cluster), // relative to the working directory: a comma in the home's path would make two of it
		"auto.create.topics.enable": false,
		"default.replication.factor": replicas,
		"min.insync.replicas": inSync,
		"offsets.topic.replication.factor": replicas,
		"offsets.topic.num.partitions": 4,
		"transaction.state.log.replication.factor": replicas,
		"transaction.state.log.min.isr": inSync,
		"transaction.state.log.num.partitions": 4,
		"share.coordinator.state.topic.replication.factor": replicas,
		"share.coordinator.state.topic.min.isr": inSync,
		"share.coordinator.state.topic.num.partitions": 1,
		"group.initial.rebalance.delay.ms": 0,
		"group.min.session.timeout.ms": 1_000,
		"transaction.abort.timed.out.transaction.cleanup.interval.ms": 1_000,
		"log.segment.delete.delay.ms": 1_000,
		"log.cleaner.dedupe.buffer.size": 16_777_216,
		"num.network.threads": 2,
		"num.io.threads": 4,
		// A broker that was killed is let in again only once its old session has run out: 9 s by default.
		"broker.session.timeout.ms": 3_000,
		"broker.heartbeat.interval.ms": 500,
	};
	return propertiesText(properties);
}

/** A folder for each size of the cluster: a node knows its fellow voters, and the data of another size are not theirs. */
function logFolder(cluster: readonly Place[]): string {
	return cluster.length === 1 ? "log" : `log-of-${cluster.length}`;
}

/** Gives the data folder its identity, once. `meta.properties` is written last, so without it nothing counts. */
async function format(
	{ home, component, cluster, env, signal }: LaunchContext,
	folder: string,
): Promise<void> {
	const log = join(folder, logFolder(cluster));
	if (existsSync(join(log, "meta.properties"))) return;
	rmSync(log, { recursive: true, force: true });
	// All nodes must have the same, and none waits for another.
	const digest = createHash("sha256").update(home.id).digest().subarray(0, 16);
	const clusterId = digest.toString("base64url").replace(/^-/, "_"); // a leading dash is an option
	const args = ["format", "--cluster-id", clusterId, "--config", "server.properties"];
	const tool = javaArgs(component.path, "kafka.tools.StorageTool", { isShort: true });
	await runProgram(javaOf(env) ?? "java", [...tool, ...args], {
		cwd: folder,
		env: { ...env, ...javaLocale },
		signal,
		limitMs: 60_000,
	});
}

/** Topics and groups whose names begin so. */
async function removeOwn(brokers: string[], prefix: string): Promise<void> {
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

const kafka: Service = {
	ports: ["direct", "proxied", "controller"],
	proxiedPort: "proxied",
	readyLimitMs: 60_000,
	memoryMb: 700,
	stop: { signal: "SIGTERM", graceMs: 2_500 },

	processes: ({ brokers }) => brokers,
	external({ kafkaBrokers }) {
		if (kafkaBrokers === null) return null;
		return endpointOf(
			kafkaBrokers[0]?.startsWith("kafka://") ? kafkaBrokers.join() : `kafka://${kafkaBrokers}`,
		);
	},
	endpointAt: (address) => ({ kind: "kafka", brokers: address.split(",") }),
	// An external broker advertises itself, not our proxy: what stands before it puts that right.
	upstreamOf: () => null,
	front(endpoint, proxies, log) {
		if (endpoint.kind !== "kafka") throw new Error(`${endpoint.kind} is no Kafka`);
		return openFront(endpoint, proxies, log);
	},

	async cleanRun(endpoint, { topicPrefix }) {
		if (endpoint.kind === "kafka") await removeOwn(endpoint.brokers, topicPrefix);
	},

	async fetch(cache) {
		try {
			await requireJava(cache, fix);
			if (cached(cache, parcel) === null) requireMaven(cache, fix);
			const folder = await fetchOnce(cache, parcel, (draft) =>
				mavenJars(cache, join(draft, "libs"), artifacts),
			);
			return { version, source: "Maven org.apache.kafka", path: join(folder, "libs") };
		} catch (error) {
			throw missing(`Maven was asked for org.apache.kafka:kafka_2.13:${version}`, fix, error);
		}
	},

	survey(cache) {
		if (javaOf(cache.env) === null)
			return { state: "missing", tried: "java in JAVA_HOME and on the PATH", fix };
		const folder = cached(cache, parcel);
		if (folder !== null) return { state: "found", version, source: folder };
		if (onPath(cache.env, "mvn") === null)
			return { state: "missing", tried: "mvn on the PATH", fix };
		return { state: "fetchable", version, source: "Maven org.apache.kafka" };
	},

	async prepare(context) {
		const { home, component, id, cluster, env } = context;
		const folder = home.data(id);
		mkdirSync(folder, { recursive: true });
		const configuration = serverProperties(context, cluster);
		writeFileSync(join(folder, "server.properties"), configuration);
		await format(context, folder);
		const file = javaOf(env) ?? "java";
		const heapMb = cluster.length === 1 ? 512 : 256;
		const args = [...javaArgs(component.path, "kafka.Kafka", { heapMb }), "server.properties"];
		return {
			file,
			args,
			variables: javaLocale,
			folder,
			configuration,
			user: null,
			staleFiles: [],
			beforeStart: null,
		};
	},

	async probe(endpoint, limitMs, whose) {
		if (whose === "external" && endpoint.kind === "kafka") {
			await externalBrokers(endpoint);
			return null;
		}
		const brokers = endpoint.kind === "kafka" ? endpoint.brokers : [];
		const refusals: string[] = [];
		for (const broker of brokers) {
			try {
				const known = await askBrokers(broker, limitMs);
				if (!known.includes(broker))
					throw new Error(`${broker} answers, but is not in its cluster yet`);
				return null;
			} catch (error) {
				refusals.push(messageOf(error));
			}
		}
		throw new Error(refusals.join("; "));
	},
};

export default kafka;
