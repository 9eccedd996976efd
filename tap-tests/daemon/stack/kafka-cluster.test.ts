import t from "tap";
import { kafkaNodes, processesOf } from "../../../base/services.ts";
import type { Place } from "../../../daemon/stack/service.ts";
import { serverProperties } from "../../../daemon/stack/services/kafka.ts";

const cluster: Place[] = kafkaNodes.map((id, i) => ({
	id,
	ports: { direct: 9000 + i, proxied: 9100 + i, controller: 9200 + i },
	proxyAddress: `127.0.0.1:${9300 + i}`,
}));

function propertiesOf(place: Place, places: Place[]): Record<string, string> {
	const lines = serverProperties(place, places).trim().split("\n");
	return Object.fromEntries(
		lines.map((line) => {
			const equals = line.indexOf("=");
			return [line.slice(0, equals), line.slice(equals + 1)] as const;
		}),
	);
}

t.test(
	"each of three nodes has an id, listeners and a proxy of its own, and all voters",
	async (t) => {
		const nodes = cluster.map((place) => propertiesOf(place, cluster));
		t.same(
			nodes.map((node) => node["node.id"]),
			["1", "2", "3"],
		);
		t.same(
			nodes.map((node) => node["advertised.listeners"]),
			[
				"DIRECT://127.0.0.1:9000,PROXIED://127.0.0.1:9300",
				"DIRECT://127.0.0.1:9001,PROXIED://127.0.0.1:9301",
				"DIRECT://127.0.0.1:9002,PROXIED://127.0.0.1:9302",
			],
		);
		for (const node of nodes)
			t.equal(
				node["controller.quorum.voters"],
				"1@127.0.0.1:9200,2@127.0.0.1:9201,3@127.0.0.1:9202",
			);
	},
);

const replicated = [
	"default.replication.factor",
	"offsets.topic.replication.factor",
	"transaction.state.log.replication.factor",
	"share.coordinator.state.topic.replication.factor",
];
const inSync = [
	"min.insync.replicas",
	"transaction.state.log.min.isr",
	"share.coordinator.state.topic.min.isr",
];
const sizes: [nodes: number, replicas: string, inSync: string, folder: string][] = [
	[1, "1", "1", "log"],
	[3, "3", "2", "log-of-3"],
];
for (const [nodes, replicas, least, folder] of sizes)
	t.test(
		`with ${nodes} nodes there are ${replicas} replicas, of which ${least} must be in sync`,
		async (t) => {
			const places = cluster.slice(0, nodes);
			const node = propertiesOf(places[0]!, places);
			for (const name of replicated) t.equal(node[name], replicas, name);
			for (const name of inSync) t.equal(node[name], least, name);
			t.equal(
				node["log.dirs"],
				folder,
				"the data of another size of the cluster stay where they are",
			);
		},
	);

t.test("only Kafka may have further processes", async (t) => {
	t.same(processesOf("kafka"), kafkaNodes);
	t.same(processesOf("redis"), ["redis"]);
});
