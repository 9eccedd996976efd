import t from "tap";
import { hostPortOf } from "../../../base/host-port.ts";
import { externalBrokers, openFront } from "../../../daemon/stack/external-kafka.ts";
import { KafkaCluster } from "../../../load/wire/kafka-cluster.ts";
import { produce } from "../../../load/wire/kafka-produce.ts";
import { fakeKafka } from "../../load/drivers/fake-kafka.ts";

const message = { key: null, value: Buffer.alloc(200_000) };
const proxies = ["127.0.0.1:21001", "127.0.0.1:21002"].map((at) => hostPortOf(at));

t.test("what a proxy leads to tells clients to find the broker at its proxy", async (t) => {
	const broker = await fakeKafka(t, "orders", 2);
	const endpoint = { kind: "kafka" as const, brokers: [broker.address] };
	const front = await openFront(endpoint, proxies, t.comment);
	t.teardown(() => front.close());
	t.equal(front.direct, endpoint, "a cluster in plain text is connected to as it is");
	const cluster = new KafkaCluster(front.upstreams, null);
	t.teardown(() => cluster.close());
	t.same(await cluster.leaders("orders"), ["127.0.0.1:21001", "127.0.0.1:21001"]);
});

t.test("who comes directly to a cluster that wants to know who it is, is nobody", async (t) => {
	const broker = await fakeKafka(t, "orders", 1);
	broker.sasl = (words) => (words.toString() === "\0me\0secret" ? Buffer.alloc(0) : "no");
	const sasl = { mechanism: "plain", username: "me", password: "secret" } as const;
	const endpoint = {
		kind: "kafka" as const,
		brokers: [broker.address],
		security: { sasl, tls: null },
	};
	const front = await openFront(endpoint, proxies, t.comment);
	t.teardown(() => front.close());
	t.notMatch(JSON.stringify(front.direct), /secret/);
	if (front.direct.kind !== "kafka") throw new Error("it is Kafka");
	const cluster = new KafkaCluster(front.direct.brokers, null);
	t.teardown(() => cluster.close());
	await cluster.open();
	t.equal(await produce(cluster, "orders", [message, message], 0), null);
	t.same(await cluster.leaders("orders"), front.direct.brokers);
	t.same(broker.produced, [[0]]);
});

t.test("a connection that the broker ends is ended for who came through", async (t) => {
	const broker = await fakeKafka(t, "orders", 1);
	const front = await openFront({ kind: "kafka", brokers: [broker.address] }, proxies, t.comment);
	t.teardown(() => front.close());
	const cluster = new KafkaCluster(front.upstreams, null);
	t.teardown(() => cluster.close());
	const connection = cluster.connect(front.upstreams[0]!);
	await connection.ready();
	broker.drops = true;
	await t.rejects(connection.ask({ api: 0, version: 7 }, Buffer.alloc(20)));
});

t.test("a cluster that can't be spoken to, or is too large, says so", async (t) => {
	const broker = await fakeKafka(t, "orders", 1);
	const at = { kind: "kafka" as const, brokers: [broker.address] };
	await t.rejects(openFront(at, [], t.comment), { message: /1 brokers, and proxies .* for 0/ });
	broker.sasl = () => "no";
	await t.rejects(externalBrokers(at), { message: /does it want SASL or TLS\?/ });
	await t.rejects(externalBrokers({ kind: "kafka", brokers: ["127.0.0.1:1"] }), {
		message: /ECONNREFUSED/,
	});
});
