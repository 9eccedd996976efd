import { parseArgs } from "node:util";
import { withPostgres } from "faultline";
import kafkajs, { type Admin, type Kafka } from "kafkajs";
import { Attempts, type Line } from "./attempts.ts";
import { groupOf, topicsOf } from "./names.ts";
import { attemptsIn } from "./oracle/attempts.ts";
import { type SinkName, sinkNames } from "./params.ts";
import { startProcessing } from "./processing.ts";
import { fill, makeTopics, tablesSql } from "./setup.ts";
import { sinkOf } from "./sinks.ts";

// What exactly once costs: the same payments are worked off by a processor with it and by its naive twin, in turns, so
// that whatever else the machine does meets both.
//
//   node cost.ts --brokers 127.0.0.1:9092 --postgres postgres://… --sink kafka --pairs 10

export interface CostOptions {
	brokers: readonly string[];
	databaseUrl: string;
	/** What topics, groups and schemas begin with. */
	prefix: string;
	sink: SinkName;
	pairs: number;
	payments: number;
	paymentsMax: number;
	accounts: number;
	signal: AbortSignal;
}

/** Payments a second in one pair of turns. */
export type CostPair = { on: number; off: number };

/** What was measured, and the middle of the ratios with the range of all. */
export type Cost = { pairs: CostPair[]; ratio: number; low: number; high: number };

export async function measureCost(options: CostOptions): Promise<Cost> {
	const kafka = new kafkajs.Kafka({
		clientId: "cost",
		brokers: [...options.brokers],
		logLevel: kafkajs.logLevel.NOTHING,
	});
	const admin = kafka.admin();
	await admin.connect();
	const pairs: CostPair[] = [];
	try {
		for (let n = 0; n < options.pairs && !options.signal.aborted; n++) {
			const turn = (guard: "on" | "off") => ratePerSec(kafka, admin, options, guard, n);
			// Neither is always the one that comes second, to a machine that the first has warmed up.
			const [first, second] = n % 2 === 0 ? (["on", "off"] as const) : (["off", "on"] as const);
			const rates = { [first]: await turn(first), [second]: await turn(second) };
			pairs.push({ on: rates.on!, off: rates.off! });
		}
	} finally {
		await admin.disconnect();
	}
	return costOf(pairs);
}

/** The ratio of the two rates, by the middle pair. */
export function costOf(pairs: CostPair[]): Cost {
	const ratios = pairs.map(({ on, off }) => on / off).sort((a, b) => a - b);
	const middle = (ratios.length - 1) / 2;
	return {
		pairs,
		ratio: (ratios[Math.floor(middle)]! + ratios[Math.ceil(middle)]!) / 2,
		low: ratios[0]!,
		high: ratios.at(-1)!,
	};
}

async function ratePerSec(
	kafka: Kafka,
	admin: Admin,
	{ brokers, databaseUrl, sink, payments, paymentsMax, accounts, ...options }: CostOptions,
	guard: "on" | "off",
	n: number,
): Promise<number> {
	const prefix = `${options.prefix}cost-${n}-${guard}-`;
	const schema = `cost_${n}_${guard}`;
	await makeTopics(admin, prefix, 1);
	await fill(kafka, topicsOf(prefix).payments, { payments, accounts });
	const url = await withSchema(databaseUrl, schema, guard);
	const lines: Line[] = [];
	const all = Promise.withResolvers<void>();
	options.signal.addEventListener("abort", () => all.reject(options.signal.reason));
	const begun = new Map<string, number>();
	let done = 0;
	const keep = (line: Line) => {
		lines.push(line);
		if ("begin" in line) begun.set(line.begin, line.offsets.length);
		if ("ended" in line && line.ended === "committed") done += begun.get(line.id)!;
		if (done >= payments) all.resolve();
	};
	const processing = await startProcessing({
		name: "cost",
		brokers: [...brokers],
		prefix,
		group: groupOf(prefix),
		databaseUrl: url,
		sessionTimeoutMs: 10_000,
		transactionTimeoutMs: 20_000,
		idleTimeoutMs: 10_000,
		paymentsMax,
		openSink: sinkOf(sink, guard),
		attempts: new Attempts("cost", { reach: async () => {} }, keep),
	});
	await all.promise;
	await processing.stop();
	await admin.deleteTopics({ topics: Object.values(topicsOf(prefix)) });
	const beganMs = lines.find((line) => "begin" in line)!.atMs;
	const endedMs = Math.max(...attemptsIn(lines).map(({ committedAtMs }) => committedAtMs ?? 0));
	return (1_000 * payments) / (endedMs - beganMs);
}

/** The URL of a database whose tables lie in a schema of their own. */
async function withSchema(url: string, schema: string, guard: "on" | "off"): Promise<string> {
	if (url === "") return url;
	await withPostgres({ postgres: { kind: "postgres", url } }, (client) =>
		client.query(
			`drop schema if exists ${schema} cascade; create schema ${schema};
			set search_path = ${schema}; ${tablesSql(guard)}`,
		),
	);
	const own = new URL(url);
	own.searchParams.set("options", `-c search_path=${schema}`);
	return own.href;
}

if (import.meta.main) {
	const { values } = parseArgs({
		options: {
			brokers: { type: "string", default: "127.0.0.1:9092" },
			postgres: { type: "string", default: "" },
			sink: { type: "string", default: "kafka" },
			pairs: { type: "string", default: "10" },
			payments: { type: "string", default: "4000" },
			"payments-max": { type: "string", default: "100" },
		},
	});
	const sink = sinkNames.find((name) => name === values.sink);
	if (sink === undefined || (sink !== "kafka" && values.postgres === "")) {
		console.error(
			`node cost.ts [--brokers HOST:PORT,…] [--sink ${sinkNames.join("|")}] [--postgres URL]
              [--pairs N] [--payments N] [--payments-max N]`,
		);
		process.exit(2);
	}
	const cost = await measureCost({
		brokers: values.brokers.split(","),
		databaseUrl: values.postgres,
		prefix: `cost-${Date.now()}-`,
		sink,
		pairs: Number(values.pairs),
		payments: Number(values.payments),
		paymentsMax: Number(values["payments-max"]),
		accounts: 50,
		signal: new AbortController().signal,
	});
	for (const { on, off } of cost.pairs)
		console.log(
			`${on.toFixed(0)}/s exactly once, ${off.toFixed(0)}/s at least once: ${(on / off).toFixed(3)}`,
		);
	console.log(`ratio ${cost.ratio.toFixed(3)} (${cost.low.toFixed(3)} to ${cost.high.toFixed(3)})`);
}
