import { readFileSync } from "node:fs";
import { join } from "node:path";
import kafkajs, { type ITopicConfig } from "kafkajs";
import t, { type Test } from "tap";
import { onKafka } from "../../../chaos/kafka/kafka-undo.ts";
import { makeTopic } from "../../../chaos/kafka/make-topic.ts";
import { loadKind } from "../../../chaos/kinds.ts";
import { Probe } from "../../../chaos/probe.ts";
import type { Target } from "../../../chaos/target.ts";
import type { StackDocument } from "../../../daemon/api/views.ts";
import { type LiveDaemon, liveDaemon } from "../daemon.ts";
import { brokenServices } from "./broken-services.ts";
import { everyFault } from "./every-fault.ts";

const daemon = await liveDaemon(t);

t.test("each kind that is told to a Kafka broker is seen, heals and is seen to be gone", (t) =>
	everyFault(t, daemon, "kinds-kafka"),
);

/** The broker itself, as a run would have it whose topics begin with `flt.test.`. */
async function brokerOf(t: Test, { client }: LiveDaemon) {
	const { components } = await client.get<StackDocument>("/stack");
	const { direct } = components.find(({ name }) => name === "kafka")!;
	const brokers = [direct!.replace("kafka://", "")];
	const probe = await Probe.open({ kind: "kafka", brokers });
	t.teardown(() => probe.close());
	const target = {
		kafkaOf: async () => brokers,
		probeOf: async () => probe,
		ownName: (_of: string, name: string) => `flt.test.${name}`,
		owns: (name: string) => name.startsWith("flt.test."),
	} as unknown as Target;
	const kafka = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING });
	const admin = kafka.admin();
	const producer = kafka.producer({ allowAutoTopicCreation: false });
	await Promise.all([admin.connect(), producer.connect()]);
	t.teardown(() => Promise.all([admin.disconnect(), producer.disconnect()]));
	/** Messages ever written, by partition. An admin that was asked for them minds when the topic is gone. */
	const writtenTo = async (topic: string) => {
		const asked = kafka.admin();
		await asked.connect();
		const offsets = await asked.fetchTopicOffsets(topic);
		await asked.disconnect();
		return offsets.map(({ partition, high }) => `${partition}:${high}`).sort();
	};
	const make = (topic: ITopicConfig) => onKafka(brokers, (admin) => makeTopic(admin, topic));
	return { target, admin, producer, writtenTo, make };
}

t.test("a topic is made again only where it is gone or of another shape", async (t) => {
	const { target, admin, producer, writtenTo, make } = await brokerOf(t, daemon);
	const topic = "flt.test.orders";
	const configEntries = [{ name: "retention.ms", value: "1234567" }];
	await make({ topic, numPartitions: 2, configEntries });
	t.teardown(() => admin.deleteTopics({ topics: [topic] }));
	const send = () => producer.send({ topic, messages: [{ value: "x", partition: 0 }] });
	const kind = await loadKind("topic-recreated");
	const undo = await kind.plan(target, "log", { topic: "orders" }, "topic-1");
	await send();
	await kind.heal(target, undo);
	t.same(await writtenTo(topic), ["0:1", "1:0"], "healing what never came leaves the data");
	t.match(await kind.prove(target, undo), { ok: false, seen: /answered/ }, "and it is not proved");

	await kind.inject(target, undo);
	t.match(await kind.prove(target, undo), { ok: true });
	t.match(await kind.gone(target, undo), { ok: false, seen: /^0 of 2 partitions/ });
	await make({ topic, numPartitions: 1 });
	t.match(await kind.gone(target, undo), { ok: false, seen: /^1 of 2 partitions/ });
	await kind.heal(target, undo);
	t.same(await writtenTo(topic), ["0:0", "1:0"], "one that somebody made meanwhile is replaced");
	t.match(await kind.gone(target, undo), { ok: true });
	await send();
	await kind.heal(target, undo);
	t.same(await writtenTo(topic), ["0:1", "1:0"], "healed twice, it keeps what has come since");
});

t.test("nobody else's topic or group is touched, and none that is not there", async (t) => {
	const { target } = await brokerOf(t, daemon);
	const others = { ...target, owns: () => false };
	for (const [name, params] of [
		["topic-recreated", { topic: "orders" }],
		["group-evicted", { group: "readers" }],
	] as const) {
		const kind = await loadKind(name);
		await t.rejects(kind.plan(others, "log", params, "f"), { code: "FLT_NO_PATH" }, name);
	}
	const topics = await loadKind("topic-recreated");
	await t.rejects(topics.plan(target, "log", { topic: "none" }, "f"), {
		code: "FLT_NO_PATH",
		message: 'there is no topic "flt.test.none"',
	});
	const groups = await loadKind("group-evicted");
	const undo = await groups.plan(target, "log", { group: "none" }, "f");
	await groups.inject(target, undo);
	t.match(await groups.prove(target, undo), { ok: false, seen: /^of 0 members 0 are left/ });
});

t.test("every fault of the way acts on the way to a broker that runs anyhow", async (t) => {
	const { components } = await daemon.client.get<StackDocument>("/stack");
	const url = components.find(({ name }) => name === "kafka")!.direct!;
	await everyFault(t, daemon, "external-kinds", { url });
	const { runId } = (await daemon.client.runs(1))[0]!;
	const told = readFileSync(join(daemon.home.runs, runId, "subjects", "told.log"), "utf8");
	const [, port] = /^FLT_PATH_LATE=127\.0\.0\.1:(\d+)$/m.exec(told) ?? [];
	t.ok(port !== undefined && !url.endsWith(port), `subjects are told of a proxy, at ${port}`);
});

t.test("services that a fault froze and killed come back, and none counts as lost", (t) =>
	brokenServices(t, daemon),
);
