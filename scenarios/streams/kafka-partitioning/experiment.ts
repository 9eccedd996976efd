import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { monotonicMs } from "faultline/subject";
import kafkajs, { type Admin } from "kafkajs";
import { connectAdmin, sampleLag } from "./broker-lag.ts";
import { conclude, type Observed } from "./conclude.ts";
import { type LagSample, lagOf, total } from "./lag.ts";
import { encode } from "./message.ts";
import { type Finding, type Need, needs, recommendations } from "./recommend.ts";
import { readRecord, recordFile } from "./record.ts";
import { keyName, promisesOrder, type StrategyName, strategies } from "./strategies.ts";
import { routeOf } from "./workload.ts";

// The experiment without the testbed: against any broker, strategy by strategy and rate by rate, with consumers as
// processes of its own. It makes a topic and a group for each and deletes them.

const { values } = parseArgs({
	options: {
		brokers: { type: "string", default: "127.0.0.1:9092" },
		strategies: { type: "string", default: Object.keys(strategies).join() },
		rates: { type: "string", default: "1000,10000" },
		seconds: { type: "string", default: "5" },
		"drain-ms": { type: "string", default: "1000" },
		"cost-us": { type: "string", default: "400" },
		partitions: { type: "string", default: "8" },
		consumers: { type: "string", default: "2" },
		need: { type: "string", default: "affinity" },
		seed: { type: "string", default: "1" },
	},
});
const brokers = values.brokers.split(",");
const partitions = Number(values.partitions);
const members = Number(values.consumers);
const seconds = Number(values.seconds);
const need = needs.find((each) => each === values.need) as Need | undefined;
if (need === undefined) throw new Error(`--need is one of ${needs.join(", ")}`);
const wanted = values.strategies.split(",").map((name) => {
	if (!Object.hasOwn(strategies, name)) throw new Error(`no strategy "${name}"`);
	return name as StrategyName;
});

const messageBytes = 200;
const keys = 1_000;
const phase = 1;
const lookEveryMs = 250;
const sendEveryMs = 5;
/** Messages in a request at most: whoever is late sends several, each smaller than brokers refuse. */
const requestMax = 2_000;

interface Consumer {
	process: ChildProcess;
	folder: string;
	port: number;
}

async function consumer(name: string, topic: string, ordered: boolean): Promise<Consumer> {
	const folder = mkdtempSync(join(tmpdir(), "kafka-partitioning-"));
	const file = fileURLToPath(new URL("./consumer.ts", import.meta.url));
	const child = spawn(process.execPath, ["--no-warnings", file], {
		cwd: folder,
		stdio: ["ignore", "pipe", "inherit"],
		env: {
			...process.env,
			...{ FLT_PATH_LOG: brokers.join(), TOPIC: topic, NAME: name, COST_US: values["cost-us"] },
			...{ MEMBERS: String(members), PARTITIONS: String(partitions) },
			...(ordered ? { ORDERED_KEYS: String(keys) } : {}),
		},
	});
	const port = await new Promise<number>((resolve, reject) => {
		let said = "";
		child.stdout!.on("data", (bytes: Buffer) => {
			said += bytes;
			const ready = /^FLT_READY (.*)$/m.exec(said);
			if (ready !== null) resolve((JSON.parse(ready[1]!) as { port: number }).port);
		});
		child.once("exit", () => reject(new Error(`${name} ended before it was ready`)));
	});
	return { process: child, folder, port };
}

/** Sends at the rate, each message due at its time, one request after another. */
async function produce(topic: string, strategy: StrategyName, ratePerSec: number): Promise<void> {
	const route = routeOf({
		...{ seed: Number(values.seed), strategy, ratePerSec, partitions, keys, messageBytes },
		...{ zipfExponent: 1.5, salts: partitions, lingerMs: sendEveryMs },
	});
	const kafka = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING });
	const producer = kafka.producer({ allowAutoTopicCreation: false });
	await producer.connect();
	const zeroMs = monotonicMs();
	let n = 0;
	while (n < ratePerSec * seconds) {
		const due = Math.min(seconds, (monotonicMs() - zeroMs) / 1_000) * ratePerSec;
		const messages: { key: string; value: Buffer; partition: number }[] = [];
		for (; n < due && messages.length < requestMax; n++) {
			const key = route.keyOf(n);
			const intendedAtMs = zeroMs + (n * 1_000) / ratePerSec;
			const value = encode({ intendedAtMs, n, key, phase }, messageBytes);
			messages.push({ key: keyName(key), value, partition: route.partitionOf(n) });
		}
		if (messages.length > 0) await producer.send({ topic, acks: 1, messages });
		else await pause(sendEveryMs);
	}
	await producer.disconnect();
}

async function runCase(
	admin: Admin,
	strategy: StrategyName,
	ratePerSec: number,
): Promise<{ observed: Observed; lagMax: number }> {
	const topic = `kafka-partitioning-${process.pid}-${strategy}-${ratePerSec}`;
	const group = `${topic}-consumers`;
	await admin.createTopics({
		waitForLeaders: true,
		topics: [{ topic, numPartitions: partitions }],
	});
	const names = Array.from({ length: members }, (_, i) => `consumer-${i + 1}`);
	const ordered = promisesOrder(strategy);
	const consumers = await Promise.all(names.map((name) => consumer(name, topic, ordered)));
	const samples: LagSample[] = [];
	const look = async () => {
		const sample = await sampleLag(admin, topic, group);
		samples.push(sample);
		return total(lagOf(sample));
	};
	try {
		const zeroMs = monotonicMs();
		let producing = true;
		const produced = produce(topic, strategy, ratePerSec).finally(() => {
			producing = false;
		});
		produced.catch(() => {}); // heard where it is waited for
		for (; producing; await pause(lookEveryMs)) await look();
		await produced;
		const lagMax = Math.max(...samples.map((sample) => total(lagOf(sample))));
		const giveUpAt = performance.now() + Number(values["drain-ms"]);
		while ((await look()) > 0 && performance.now() < giveUpAt) await pause(20);
		await Promise.all(
			consumers.map(({ port }) => fetch(`http://127.0.0.1:${port}`, { method: "POST" })),
		);
		await look();
		const records = Object.fromEntries(
			consumers.map(({ folder }, i) => [names[i]!, readRecord(join(folder, recordFile))]),
		);
		const observed = conclude({ records, samples, partitions, zeroMs, phase: "steady" });
		return { observed, lagMax };
	} finally {
		for (const { process: child, folder } of consumers) {
			child.kill("SIGKILL");
			rmSync(folder, { recursive: true, force: true });
		}
		await admin.deleteTopics({ topics: [topic] });
		// Only an empty group can be deleted, and one whose members were killed is not empty yet.
		await admin.deleteGroups([group]).catch(() => {});
	}
}

const admin = await connectAdmin(brokers);
const findings: Finding[] = [];
console.log("strategy  rate/s  lag max  left %  p50 ms  p95 ms  p99 ms  order");
try {
	for (const ratePerSec of values.rates.split(",").map(Number))
		for (const strategy of wanted) {
			const { observed, lagMax } = await runCase(admin, strategy, ratePerSec);
			const left = observed.partitions.map(({ end, position }) =>
				end === 0 ? 0 : (100 * (end - position)) / end,
			);
			const leftPct = Math.max(...left);
			findings.push({ strategy, ratePerSec, leftPct });
			const { p50Ms, p95Ms, p99Ms } = observed.latency;
			const { splitKeyCount, regressionCount } = observed.order;
			const kept = splitKeyCount + regressionCount === 0 ? "kept" : "broken";
			console.log(
				[
					strategy.padEnd(8),
					String(ratePerSec).padStart(7),
					String(lagMax).padStart(8),
					leftPct.toFixed(1).padStart(7),
					...[p50Ms, p95Ms, p99Ms].map((ms) => (ms?.toFixed(1) ?? "–").padStart(7)),
					promisesOrder(strategy) ? kept : "not promised",
				].join(" "),
			);
		}
} finally {
	await admin.disconnect();
}
for (const { keys: kind, ratePerSec, use, reason } of recommendations(need, findings))
	console.log(`${kind} keys at ${ratePerSec}/s: ${use ?? "none of them"} (${reason})`);
