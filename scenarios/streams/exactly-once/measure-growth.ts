import { parseArgs } from "node:util";
import { fitGrowth } from "faultline";
import kafkajs from "kafkajs";
import { measureCost } from "./cost.ts";
import { topicsOf } from "./names.ts";
import { makeTopics } from "./setup.ts";
import { Changelog, changelogMessages } from "./sinks/changelog.ts";

// How two things grow: the work done in a second with the size of a transaction, and the time to take a partition over with
// the accounts that there are.
//
//   node measure-growth.ts --brokers 127.0.0.1:9092

const { values } = parseArgs({
	options: { brokers: { type: "string", default: "127.0.0.1:9092" } },
});
const brokers = values.brokers.split(",");

const rates: { size: number; value: number }[] = [];
for (const [paymentsMax, payments] of [
	[1, 300],
	[10, 3_000],
	[100, 10_000],
	[1_000, 30_000],
] as const) {
	const { pairs, ratio } = await measureCost({
		brokers,
		databaseUrl: "",
		prefix: `growth-${Date.now()}-`,
		sink: "kafka",
		pairs: 3,
		payments,
		paymentsMax,
		accounts: 1_000,
		signal: new AbortController().signal,
	});
	const middle = pairs.toSorted((a, b) => a.on - b.on)[1]!;
	rates.push({ size: paymentsMax, value: middle.on });
	console.log(
		`${paymentsMax} payments a transaction: ${middle.on.toFixed(0)}/s exactly once, ${ratio.toFixed(2)} of at least once`,
	);
}
console.log(`payments per second ~ size^${fitGrowth(rates)!.exponent.toFixed(2)}`);

const kafka = new kafkajs.Kafka({
	clientId: "growth",
	brokers,
	logLevel: kafkajs.logLevel.NOTHING,
});
const admin = kafka.admin();
await admin.connect();
const times: { size: number; value: number }[] = [];
for (const accounts of [1_000, 10_000, 100_000]) {
	const prefix = `growth-${Date.now()}-`;
	const { balances } = topicsOf(prefix);
	await makeTopics(admin, prefix, 1);
	// One for each size: it keeps asking for topics that it has once sent to.
	const producer = kafka.producer();
	await producer.connect();
	const batch = 1_000;
	for (let from = 0; from < accounts; from += batch) {
		const some = Array.from(
			{ length: batch },
			(_, i) => [`account-${from + i}`, { seq: 1, balanceCents: 1 }] as const,
		);
		const messages = changelogMessages(0, new Map(some), from + batch);
		await producer.send({ topic: balances, messages });
	}
	await producer.disconnect();
	const fromMs = performance.now();
	const changelog = await Changelog.open(kafka, balances, prefix);
	await changelog.at(0, accounts);
	const tookMs = performance.now() - fromMs;
	times.push({ size: accounts, value: tookMs });
	console.log(`${accounts} accounts: read in ${tookMs.toFixed(0)} ms`);
	await changelog.close();
	await admin.deleteTopics({ topics: Object.values(topicsOf(prefix)) });
}
console.log(`time to take over ~ accounts^${fitGrowth(times)!.exponent.toFixed(2)}`);
await admin.disconnect();
