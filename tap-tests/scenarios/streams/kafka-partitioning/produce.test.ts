import t from "tap";
import type { KafkaMessage } from "../../../../load/kafka-client.ts";
import type { IssuedOperation } from "../../../../load/operation.ts";
import { decode } from "../../../../scenarios/streams/kafka-partitioning/message.ts";
import { produceTo } from "../../../../scenarios/streams/kafka-partitioning/produce.ts";
import {
	routeOf,
	type WorkloadOptions,
} from "../../../../scenarios/streams/kafka-partitioning/workload.ts";

const options: WorkloadOptions = {
	seed: 3,
	strategy: "salted",
	ratePerSec: 1_000,
	partitions: 8,
	keys: 50,
	salts: 8,
	zipfExponent: 1.5,
	messageBytes: 100,
	lingerMs: 5,
};

t.test("a message says what it is, and goes where the seed has it", async (t) => {
	const sent: { topic: string; message: KafkaMessage; operation: unknown }[] = [];
	const issue = produceTo(
		{ produce: (topic, message, operation) => void sent.push({ topic, message, operation }) },
		"orders",
		options,
	);
	const operations = Array.from({ length: 40 }, (_, n) => {
		const phase = n < 10 ? "warming" : n < 30 ? "steady" : "faulting";
		const times = { intendedMs: n, intendedAtMs: 5_000 + n };
		return { n, phase, ...times, succeed() {}, fail() {} } as unknown as IssuedOperation;
	});
	for (const operation of operations) issue(operation);
	t.equal(sent.length, 0, "it lingers");
	while (sent.length === 0) await new Promise(setImmediate);
	const { keyOf, partitionOf } = routeOf(options);
	t.equal(sent.length, 40, "and sends what it has gathered");
	for (const [n, { topic, message, operation }] of sent.entries()) {
		const phase = n < 10 ? 0 : n < 30 ? 1 : 2;
		t.same(
			[topic, message.partition, String(message.key), decode(message.value), operation],
			[
				"orders",
				partitionOf(n),
				`key-${keyOf(n)}`,
				{ intendedAtMs: 5_000 + n, n, key: keyOf(n), phase },
				operations[n],
			],
		);
		t.equal(message.value.length, 100);
	}
	issue(operations[0]!);
	while (sent.length < 41) await new Promise(setImmediate);
	t.pass("and lingers for the next");
});
