import t, { type Test } from "tap";
import type { Endpoint } from "../../../base/endpoint.ts";
import kafka from "../../../load/drivers/kafka-wire.ts";
import type { KafkaMessage } from "../../../load/kafka-client.ts";
import { outcomeOf } from "../../../load/outcome.ts";
import { batchBytes, writeBatch } from "../../../load/wire/kafka-batch.ts";
import { type FakeKafka, fakeKafka } from "./fake-kafka.ts";

async function openAt(t: Test, { address }: FakeKafka) {
	const { signal } = new AbortController();
	const client = await kafka.open(
		{ kind: "kafka", brokers: [address] },
		{ connections: 1, signal },
	);
	t.teardown(() => kafka.close(client));
	return client;
}

const value = Buffer.from("some value");
const to = (partition: number): KafkaMessage => ({ key: null, value, partition });
const outcome = (error: unknown) => outcomeOf(error, [kafka]);

t.test("each message has the outcome of its own partition", async (t) => {
	const broker = await fakeKafka(t, "orders", 3);
	const client = await openAt(t, broker);
	broker.errors.set(1, 6).set(2, 7);
	const ended = await Promise.allSettled([0, 1, 2, 0].map((p) => client.send("orders", to(p))));
	t.same(
		ended.map((one) => (one.status === "fulfilled" ? "ok" : outcome(one.reason))),
		[
			"ok",
			{ kind: "fail", code: "NOT_LEADER_OR_FOLLOWER" },
			{ kind: "unknown", code: "REQUEST_TIMED_OUT" },
			"ok",
		],
	);
	t.same(broker.produced, [[0, 1, 2]], "in one request");
	t.equal(broker.lookedUp, 1);
	broker.errors.clear();
	await client.send("orders", to(1));
	t.equal(broker.lookedUp, 2, "after a refusal the leaders are looked up again");
});

t.test("without key and partition, each batch goes to the next partition", async (t) => {
	const broker = await fakeKafka(t, "orders", 2);
	const client = await openAt(t, broker);
	const free = { key: null, value };
	for (let i = 0; i < 3; i++)
		await Promise.all([client.send("orders", free), client.send("orders", free)]);
	t.same(broker.produced, [[0], [1], [0]]);
});

t.test(
	"what was sent on a lost connection may have happened; the next is sent on another",
	async (t) => {
		const broker = await fakeKafka(t, "orders", 1);
		const client = await openAt(t, broker);
		await client.send("orders", to(0));
		broker.drops = true;
		const error = await client.send("orders", to(0)).catch((error: unknown) => error);
		t.match(outcome(error), { kind: "unknown" });
		broker.drops = false;
		await client.send("orders", to(0));
		t.equal(broker.produced.length, 2);
	},
);

t.test("where no broker is, opening says where it was looked for", async (t) => {
	const at: Endpoint = { kind: "kafka", brokers: ["127.0.0.1:1"] };
	await t.rejects(kafka.open(at, { connections: 1, signal: new AbortController().signal }), {
		code: "FLT_COMPONENT_MISSING",
		message: /127\.0\.0\.1:1 can be made/,
	});
});

t.test("a topic that is not there is named, and nothing was sent", async (t) => {
	const broker = await fakeKafka(t, "orders", 0);
	const client = await openAt(t, broker);
	await t.rejects(client.send("orders", to(0)), { message: /no topic "orders"/ });
	t.same(broker.produced, []);
});

t.test("reading goes on after a broker's error, and gives each value once", async (t) => {
	const broker = await fakeKafka(t, "orders", 1);
	const client = await openAt(t, broker);
	broker.errors.set(0, 6);
	broker.log = batchOf("one", "two");
	const values: string[] = [];
	let onTwo = () => {};
	const two = new Promise<void>((resolve) => {
		onTwo = resolve;
	});
	await client.consume("orders", (value) => {
		values.push(value.toString());
		if (values.length === 2) onTwo();
	});
	while (broker.lookedUp < 3) await new Promise(setImmediate);
	t.same(values, []);
	broker.errors.clear();
	await two;
	// The broker goes on giving what begins before the offset that is asked for.
	const before = broker.lookedUp;
	await client.send("orders", to(0));
	t.same([values, broker.lookedUp], [["one", "two"], before]);
});

t.test(
	"a topic whose batches are compressed can't be read: what is sent then says so",
	async (t) => {
		const broker = await fakeKafka(t, "orders", 1);
		const client = await openAt(t, broker);
		broker.log = batchOf("one");
		broker.log.writeInt16BE(4, 21); // zstd
		await client.consume("orders", () => t.fail("it was read"));
		for (;;) {
			const error = await client.send("orders", to(0)).catch((error: unknown) => error);
			if (error === undefined) continue;
			t.match(error, { message: /compressed batches/ });
			break;
		}
	},
);

function batchOf(...values: string[]): Buffer {
	const records = values.map((value) => ({ key: null, value: Buffer.from(value) }));
	const out = Buffer.alloc(batchBytes(records));
	writeBatch(out, 0, records, 0);
	return out;
}
