import { readFileSync } from "node:fs";
import t from "tap";
import { parse } from "yaml";
import { serverProperties } from "../../daemon/stack/services/kafka.ts";
import { proxyTable, standingProxyName } from "../../toxiproxy/proxies.ts";

interface Container {
	image: string;
	network_mode: string;
	command?: string | string[];
	environment?: Record<string, string | number>;
	volumes?: string[];
}

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const { services } = parse(read("compose.yml")) as { services: Record<string, Container> };

function portsOf(addresses: string | number | undefined): Record<string, number> {
	const pairs = String(addresses).split(",");
	return Object.fromEntries(
		pairs.map((pair) => [pair.split(":")[0], Number(pair.slice(pair.lastIndexOf(":") + 1))]),
	);
}

t.test("each proxied service has one row, and no two rows share a port", async (t) => {
	t.same(proxyTable.map(({ name }) => name).toSorted(), ["kafka", "postgres", "redis"]);
	const ports = proxyTable.flatMap((row) => [row.listenPort, row.upstreamPort]);
	t.equal(new Set(ports).size, ports.length);
	t.ok(ports.every((port) => port > 1024 && port < 65_536));
});

t.test("a standing proxy's name begins with the home it belongs to", async (t) => {
	t.equal(standingProxyName("ab12", "kafka"), "faultline-ab12-kafka");
});

t.test(
	"compose starts the table's services and Toxiproxy, with the table as its configuration",
	async (t) => {
		t.same(Object.keys(services).toSorted(), ["kafka", "postgres", "redis", "toxiproxy"]);
		const { command, volumes } = services.toxiproxy!;
		const args = command as string[];
		const mounted = args[args.indexOf("-config") + 1];
		t.same(volumes, [`./toxiproxy/proxies.json:${mounted}:ro`]);
		const config = JSON.parse(read("toxiproxy/proxies.json")) as object[];
		for (const row of config) t.same(Object.keys(row), ["name", "listen", "upstream", "enabled"]);
	},
);

t.test("in compose each service listens where its proxy leads to", async (t) => {
	const { PGPORT, ...upstream } = {
		PGPORT: /-c port=(\d+)/.exec(String(services.postgres!.command))?.[1],
		redis: /--port (\d+)/.exec(String(services.redis!.command))?.[1],
		kafka: portsOf(services.kafka!.environment!.KAFKA_LISTENERS).PROXIED,
	};
	const seen = { postgres: PGPORT, ...upstream };
	for (const { name, upstreamPort } of proxyTable) t.equal(Number(seen[name]), upstreamPort, name);
});

t.test("in compose Kafka's proxied listener names the proxy's own port", async (t) => {
	const { KAFKA_ADVERTISED_LISTENERS } = services.kafka!.environment!;
	const row = proxyTable.find(({ name }) => name === "kafka");
	t.equal(portsOf(KAFKA_ADVERTISED_LISTENERS).PROXIED, row?.listenPort);
});

t.test(
	"in compose all share the host's network, because runs make proxies on unforeseen ports",
	async (t) => {
		for (const [name, { network_mode }] of Object.entries(services))
			t.equal(network_mode, "host", name);
	},
);

t.test("compose and the native start configure Kafka alike", async (t) => {
	const ports = { direct: 9092, proxied: 9094, controller: 9093 };
	const place = { id: "kafka", ports, proxyAddress: "127.0.0.1:29092" } as const;
	const native = new Map(
		serverProperties(place, [place])
			.trim()
			.split("\n")
			.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
	);
	for (const [variable, value] of Object.entries(services.kafka!.environment!)) {
		if (variable === "KAFKA_HEAP_OPTS") continue;
		const name = variable.slice("KAFKA_".length).toLowerCase().replaceAll("_", ".");
		t.equal(native.get(name), String(value), name);
	}
});
