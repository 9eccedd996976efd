import { parseArgs } from "node:util";
import { appendTo, type KafkaMessage, kafkaAdmin, makeTopic, partitionOfKey } from "faultline";
import { encode } from "./purchase.ts";
import { PurchaseStream } from "./purchases.ts";

// The event generator, without the testbed: purchases that come late, disordered and repeated, the same by the same seed.
//
//   node generate.ts --seed 7 --count 20000                                          a line of JSON each
//   node generate.ts --seed 7 --count 20000 --brokers 127.0.0.1:9092 --topic purchases
//
// The second makes the topics that `consumer.ts` needs, and fills the first.

process.stdout.on("error", () => process.exit()); // who reads on no further, as `head`
const { values } = parseArgs({
	options: {
		seed: { type: "string", default: "1" },
		count: { type: "string", default: "10000" },
		users: { type: "string", default: "100" },
		partitions: { type: "string", default: "4" },
		"gap-ms": { type: "string", default: "300" },
		"repeated-pct": { type: "string", default: "1" },
		brokers: { type: "string" },
		topic: { type: "string", default: "purchases" },
	},
});
const [count, partitions, gapMs] = [values.count, values.partitions, values["gap-ms"]].map(Number);
const purchases = new PurchaseStream(
	{
		seed: Number(values.seed),
		users: Number(values.users),
		partitions: partitions!,
		gapMs: gapMs!,
		delayMsMax: 120_000,
		repeatedPct: Number(values["repeated-pct"]),
		horizonMs: 7_200_000,
		skewMs: 20_000,
		aheadMs: 600_000,
		quietCount: Math.ceil(600_000 / gapMs!),
	},
	(key) => partitionOfKey(Buffer.from(key), partitions!),
);

function* messages(): Generator<KafkaMessage> {
	for (let n = 0; n < count!; n++) {
		const purchase = purchases.at(n);
		yield {
			key: Buffer.from(purchase.user),
			value: encode({ ...purchase, n, sentAtMs: null, phase: "" }),
			partition: purchases.partitionAt(n),
		};
	}
}

if (values.brokers === undefined) {
	for (const { value } of messages()) process.stdout.write(`${value}\n`);
} else {
	const direct = { kafka: { kind: "kafka" as const, brokers: values.brokers.split(",") } };
	const { topic } = values;
	const admin = await kafkaAdmin(direct);
	await makeTopic(admin, { topic, numPartitions: partitions });
	await makeTopic(admin, { topic: `${topic}-results`, numPartitions: partitions });
	await makeTopic(admin, {
		topic: `${topic}-changelog`,
		numPartitions: partitions,
		configEntries: [{ name: "cleanup.policy", value: "compact" }],
	});
	await admin.disconnect();
	await appendTo(direct, topic, messages());
	console.log(`${count} purchases are in ${topic}`);
}
