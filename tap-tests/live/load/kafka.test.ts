import { spawn } from "node:child_process";
import { json } from "node:stream/consumers";
import { type Admin, Kafka, logLevel } from "kafkajs";
import t, { type Test } from "tap";
import type { Endpoint } from "../../../base/endpoint.ts";
import { makeTopic } from "../../../chaos/kafka/make-topic.ts";
import type { Driver } from "../../../load/driver.ts";
import kafkajs from "../../../load/drivers/kafka.ts";
import wire from "../../../load/drivers/kafka-wire.ts";
import type { KafkaClient } from "../../../load/kafka-client.ts";
import type { Issue, IssuedOperation } from "../../../load/operation.ts";
import type { LoadResult } from "../../../load/result.ts";
import { appendTo, recordsOf, valuesOf } from "../../../scenarios/kit/topic.ts";
import { untapped } from "../../untapped.ts";
import { temporaryHome, until } from "../daemon.ts";
import { opened, up } from "../stack/stack-helper.ts";

t.setTimeout(60_000);

const count = 500;
const valueBytes = 100;
let at: Extract<Endpoint, { kind: "kafka" }>;
let admin: Admin;

t.before(async () => {
	const { stack } = await opened(t, temporaryHome(t), { only: ["kafka"] });
	const { endpoint } = up(stack, "kafka");
	if (endpoint.kind !== "kafka") throw new Error(`Kafka is at ${endpoint.kind}`);
	at = endpoint;
	admin = new Kafka({ brokers: at.brokers, logLevel: logLevel.NOTHING }).admin();
	await admin.connect();
	t.teardown(() => admin.disconnect());
});

async function topicFor(driver: string, what: string): Promise<string> {
	const topic = `${driver}-${what}`;
	await makeTopic(admin, { topic, numPartitions: 3 });
	return topic;
}

/** Messages that the broker has in this topic. */
async function held(topic: string): Promise<number> {
	const offsets = await admin.fetchTopicOffsets(topic);
	return offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
}

/** Issues operations 0 to `count` − 1; how each one ended, as it ends. */
function issueAll(issue: Issue): Map<number, unknown> {
	const ended = new Map<number, unknown>();
	for (let n = 0; n < count; n++) {
		const operation: IssuedOperation = {
			n,
			phase: "steady",
			intendedMs: n / 10,
			intendedAtMs: n / 10,
			signal: new AbortController().signal,
			pending: null,
			succeed: () => void ended.set(n, "ok"),
			fail: (error) => void ended.set(n, error),
		};
		issue(operation);
	}
	return ended;
}

const allOk = new Map(Array.from({ length: count }, (_, n) => [n, "ok"]));
const inOrder = (ended: Map<number, unknown>) => new Map([...ended].sort(([a], [b]) => a - b));

async function open(t: Test, driver: Driver<KafkaClient>): Promise<KafkaClient> {
	const { signal } = new AbortController();
	const client = await driver.open(at, { connections: 1, signal });
	t.teardown(() => driver.close(client));
	return client;
}

t.test("a topic is filled with all that it is given, each where it is to go", async (t) => {
	const topic = await topicFor("kit", "filled");
	const given = Array.from({ length: 9_001 }, (_, n) => ({
		key: null,
		value: Buffer.from(`${n}`),
		partition: n % 2,
	}));
	t.equal(await appendTo({ kafka: at }, topic, given, 4), given.length);
	const numbers = (await valuesOf({ kafka: at }, topic)).map(Number);
	t.same(
		numbers.sort((a, b) => a - b),
		given.map((_, n) => n),
	);
	t.equal(await held(topic), given.length);
	const tooLarge = [{ key: null, value: Buffer.alloc(2_000_000), partition: 0 }];
	await t.rejects(appendTo({ kafka: at }, topic, tooLarge), "one that is refused is told");
});

for (const [name, driver] of Object.entries({
	kafka: kafkajs,
	"kafka-wire": wire,
})) {
	t.test(`${name}: every operation is a message, once`, async (t) => {
		const topic = await topicFor(name, "produced");
		const client = await open(t, driver);
		const message = { kind: "kafka", topic, valueBytes, key: null, consume: false } as const;
		const ended = issueAll(await driver.repeat(client, message, 1));
		await until(() => ended.size === count);
		t.same(inOrder(ended), allOk);
		t.equal(await held(topic), count);
		t.equal(client.attempts, count);
	});

	t.test(`${name}: a message goes where it is told to, whatever its key`, async (t) => {
		const topic = await topicFor(name, "directed");
		const client = await open(t, driver);
		const value = Buffer.alloc(valueBytes);
		await Promise.all(
			[null, "a", "b", "c", "d"].map((key) =>
				client.send(topic, { key: key === null ? null : Buffer.from(key), value, partition: 2 }),
			),
		);
		const offsets = await admin.fetchTopicOffsets(topic);
		t.same(offsets.map(({ partition, high }) => [partition, Number(high)]).sort(), [
			[0, 0],
			[1, 0],
			[2, 5],
		]);
	});

	t.test(`${name}: what a topic holds is read whole, in the order of each partition`, async (t) => {
		const topic = await topicFor(name, "held");
		const client = await open(t, driver);
		t.same(await valuesOf({ kafka: at }, topic), [], "an empty one has nothing");
		const sent = Array.from({ length: count }, (_, n) => ({ n, partition: (n % 7) % 2 }));
		await Promise.all(
			sent.map(({ n, partition }) =>
				client.send(topic, { key: null, value: Buffer.from(`${n} ${partition}`), partition }),
			),
		);
		const read = (await valuesOf({ kafka: at }, topic)).map((value) => `${value}`);
		for (const which of [0, 1, 2])
			t.same(
				read.filter((value) => value.endsWith(` ${which}`)),
				sent.flatMap(({ n, partition }) => (partition === which ? `${n} ${which}` : [])),
			);
		t.equal(read.length, count);
		await t.rejects(valuesOf({ kafka: at }, `${topic}-of-nobody`));
	});

	t.test(`${name}: with consume, an operation ends when its message has come back`, async (t) => {
		const topic = await topicFor(name, "consumed");
		const client = await open(t, driver);
		const message = { kind: "kafka", topic, valueBytes, key: "k{n}" } as const;
		const before = issueAll(await driver.repeat(client, { ...message, consume: false }, 1));
		await until(() => before.size === count);

		// What the consumer reads is held back, so that it is seen what waits for it.
		const readBack: (() => void)[] = [];
		const consume = client.consume.bind(client);
		client.consume = (topic, onValue) =>
			consume(topic, (value) => void readBack.push(() => onValue(value)));
		const ended = issueAll(await driver.repeat(client, { ...message, consume: true }, 1));
		await until(() => readBack.length >= count);
		t.equal(await held(topic), 2 * count, "all are on the broker, and acknowledged");
		t.equal(ended.size, 0, "and none has ended");
		for (const goOn of readBack) goOn();
		t.same(inOrder(ended), allOk);
		t.equal(readBack.length, count, "what was there before is not read");
	});

	t.test(`${name}: faultline load --consume accounts for each message`, async (t) => {
		const topic = await topicFor(name, "loaded");
		const load = ["load", `kafka://${at.brokers[0]}/${topic}`, "--driver", name, "--consume"];
		const halfASecond = ["--rate", `${2 * count}`, "--duration", "500ms", "--json"];
		const child = spawn(
			...untapped(process.execPath, "daemon/cli/main.ts", ...load, ...halfASecond),
			{ stdio: ["ignore", "pipe", "ignore"] },
		);
		t.teardown(() => child.kill("SIGKILL"));
		t.match((await json(child.stdout!)) as LoadResult, {
			driver: name,
			due_count: count,
			ok_count: count,
			unknown_count: 0,
			dropped_count: 0,
		});
		t.equal(await held(topic), count);
	});
}

t.test("what is appended to a topic is there, in the order of each partition", async (t) => {
	const topic = await topicFor("kit", "appended");
	const messages = Array.from({ length: 30_000 }, (_, n) => ({
		key: Buffer.from(`key ${n}`),
		value: Buffer.from(`${n}`),
		partition: n % 3,
	}));
	await appendTo({ kafka: at }, topic, messages);
	const records = await recordsOf({ kafka: at }, topic);
	for (const which of [0, 1, 2])
		t.same(
			records
				.filter(({ partition }) => partition === which)
				.map(({ offset, key, value }) => [offset, key, `${value}`]),
			Array.from({ length: 10_000 }, (_, i) => [i, `key ${3 * i + which}`, `${3 * i + which}`]),
		);
	await t.rejects(appendTo({ kafka: at }, `${topic}-of-nobody`, messages));
});

t.test(
	"of transactions what was committed is read, with keys that have no value any more",
	async (t) => {
		const topic = await topicFor("kit", "committed");
		const producer = new Kafka({ brokers: at.brokers, logLevel: logLevel.NOTHING }).producer({
			transactionalId: "kit",
			maxInFlightRequests: 1,
		});
		await producer.connect();
		t.teardown(() => producer.disconnect());
		const write = async (value: string | null) => {
			const transaction = await producer.transaction();
			await transaction.send({ topic, messages: [{ key: "k", value, partition: 1 }] });
			return transaction;
		};
		await (await write("first")).commit();
		await (await write("aborted")).abort();
		await (await write(null)).commit();
		const open = await write("open");
		const seen = async () =>
			(await recordsOf({ kafka: at }, topic)).map(
				({ partition, key, value }) => `${partition} ${key} ${value}`,
			);
		t.same(await until(async () => ((await seen()).length === 2 ? seen() : null)), [
			"1 k first",
			"1 k null",
		]);
		t.same(
			(await valuesOf({ kafka: at }, topic)).map(String),
			["first", "aborted", "open"],
			"where it does not matter, what is not committed is read too",
		);
		await open.commit();
		t.same(await until(async () => ((await seen()).length === 3 ? seen() : null)), [
			"1 k first",
			"1 k null",
			"1 k open",
		]);
	},
);

t.test("no consumer group is left behind", async (t) => {
	t.same((await admin.listGroups()).groups, []);
});
