import { parseArgs } from "node:util";
import { pause, withPostgres } from "faultline";
import kafkajs from "kafkajs";
import { readLines } from "../attempts.ts";
import { topicsOf } from "../names.ts";
import { readPayments, readPostings } from "../readers.ts";
import { resultIn } from "../rows.ts";
import { anomalies, anomaliesOf, anomalyText } from "./anomalies.ts";
import { attemptsIn } from "./attempts.ts";
import type { History } from "./history.ts";

// The oracle by itself: reads payments and results to their ends, and names all that is wrong.
//
//   node oracle/check.ts --brokers 127.0.0.1:9092 --prefix demo- --attempts p1/attempts.ndjson --attempts p2/attempts.ndjson
//
// With `--table postings` or `--table statements` the results are in the database of `--postgres`. Without the processors'
// attempts it can't tell what was acknowledged, nor what was aborted. Of each anomaly it shows ten, with `--all` each one.
// Exit code 1 where something is wrong.

const shownMax = 10;

export interface CheckOptions {
	brokers: string[];
	prefix: string;
	attempts: string[];
	/** Where the results are; null for the topic. */
	rows: { url: string; table: string } | null;
}

/** All that can be read of one run. */
export async function historyOf({
	brokers,
	prefix,
	attempts,
	rows,
}: CheckOptions): Promise<History> {
	const kafka = new kafkajs.Kafka({
		clientId: "oracle",
		brokers,
		logLevel: kafkajs.logLevel.NOTHING,
	});
	const topics = topicsOf(prefix);
	const group = (what: string) => `${prefix}oracle-${what}-${Date.now()}`;
	const { reader, payments } = await readPayments(kafka, topics.payments, group("payments"));
	const isolations = rows === null ? (["read_committed", "read_uncommitted"] as const) : [];
	const ofTopic = await Promise.all(
		isolations.map((isolation) =>
			readPostings(kafka, topics.postings, { groupId: group(isolation), isolation }),
		),
	);
	const readers = [reader, ...ofTopic.map((one) => one.reader)];
	const admin = kafka.admin();
	await admin.connect();
	for (const one of readers) {
		const ends = await admin.fetchTopicOffsets(one.topic);
		while (one.behind(ends) > 0) await pause(20);
		await one.close();
	}
	await admin.disconnect();
	const [ofTable] =
		rows === null
			? []
			: [
					await withPostgres({ postgres: { kind: "postgres", url: rows.url } }, (client) =>
						resultIn(client, rows.table),
					),
				];
	const [result = ofTable, ...others] = ofTopic.map(({ reading }) => reading);
	return {
		input: payments,
		attempts: attempts.flatMap((file) => attemptsIn(readLines(file))),
		result: result!,
		others,
	};
}

if (import.meta.main) {
	const { values } = parseArgs({
		options: {
			brokers: { type: "string", default: "127.0.0.1:9092" },
			prefix: { type: "string", default: "" },
			attempts: { type: "string", multiple: true, default: [] },
			postgres: { type: "string", default: "" },
			table: { type: "string", default: "" },
			all: { type: "boolean", default: false },
		},
	});
	const history = await historyOf({
		brokers: values.brokers.split(","),
		prefix: values.prefix,
		attempts: values.attempts,
		rows: values.table === "" ? null : { url: values.postgres, table: values.table },
	});
	const found = anomaliesOf(history);
	for (const [name, some] of Map.groupBy(found, ({ anomaly }) => anomaly)) {
		console.log(`${name}, ${some.length} times: ${anomalies[name]}`);
		for (const anomaly of some.slice(0, values.all ? some.length : shownMax))
			console.log(`  ${anomalyText(anomaly)}`);
	}
	console.log(
		`${history.input.length} payments, ${history.result.reads.length} results, ${found.length} anomalies`,
	);
	process.exitCode = found.length === 0 ? 0 : 1;
}
