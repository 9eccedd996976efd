import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { makeTopic, withPostgres } from "faultline";
import kafkajs, { type Admin, type Kafka } from "kafkajs";
import { topicsOf } from "./names.ts";
import { paymentOf } from "./payments.ts";

// What the processors work on and with, made without the testbed:
//
//   node setup.ts --brokers 127.0.0.1:9092 --prefix demo- --partitions 3 --payments 20000 --postgres postgres://…

/** Makes the topics of the experiment; that of the balances is compacted, for of each account the last one counts. */
export async function makeTopics(admin: Admin, prefix: string, partitions: number): Promise<void> {
	const { payments, postings, balances } = topicsOf(prefix);
	const compacted = [{ name: "cleanup.policy", value: "compact" }];
	await Promise.all([
		makeTopic(admin, { topic: payments, numPartitions: partitions }),
		makeTopic(admin, { topic: postings, numPartitions: partitions }),
		makeTopic(admin, { topic: balances, numPartitions: partitions, configEntries: compacted }),
	]);
}

/** The tables of the results. By its key a row of `upsert` is known again; its naive twin has none. */
export function tablesSql(guard: "on" | "off"): string {
	const key = `alter table received add primary key (partition, "offset");`;
	const tables = readFileSync(new URL("./tables.sql", import.meta.url), "utf8");
	return guard === "on" ? tables + key : tables;
}

const batch = 1_000;

/** Sends so many payments, each to the partition of its account. */
export async function fill(
	kafka: Kafka,
	topic: string,
	{ payments, accounts }: { payments: number; accounts: number },
): Promise<void> {
	const producer = kafka.producer({
		createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
	});
	await producer.connect();
	for (let from = 0; from < payments; from += batch) {
		const messages = Array.from({ length: Math.min(batch, payments - from) }, (_, i) => {
			const payment = paymentOf(1, from + i, accounts);
			return { key: payment.account, value: JSON.stringify(payment) };
		});
		await producer.send({ topic, messages });
	}
	await producer.disconnect();
}

if (import.meta.main) {
	const { values } = parseArgs({
		options: {
			brokers: { type: "string", default: "127.0.0.1:9092" },
			prefix: { type: "string", default: "" },
			partitions: { type: "string", default: "3" },
			payments: { type: "string", default: "20000" },
			accounts: { type: "string", default: "50" },
			postgres: { type: "string", default: "" },
		},
	});
	const kafka = new kafkajs.Kafka({
		clientId: "setup",
		brokers: values.brokers.split(","),
		logLevel: kafkajs.logLevel.NOTHING,
	});
	const admin = kafka.admin();
	await admin.connect();
	await makeTopics(admin, values.prefix, Number(values.partitions));
	await admin.disconnect();
	if (values.postgres !== "")
		await withPostgres({ postgres: { kind: "postgres", url: values.postgres } }, (client) =>
			client.query(tablesSql("on")),
		);
	await fill(kafka, topicsOf(values.prefix).payments, {
		payments: Number(values.payments),
		accounts: Number(values.accounts),
	});
	console.log(`${values.payments} payments in ${topicsOf(values.prefix).payments}`);
}
