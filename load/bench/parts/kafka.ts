import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import kafkajs from "kafkajs";
import { type Contest, hold, type Row, run } from "../contest.ts";
import type { Part, Rig } from "../rig.ts";

const topic = "bench";
const jars = join(
	process.env.FAULTLINE_CACHE ?? join(homedir(), ".cache", "faultline"),
	"kafka-4.3.1/libs",
);

export default {
	async run(rig) {
		const { kafka } = rig.services();
		const broker = kafka.replace("kafka://", "");
		await createTopic(broker);
		return [...(await produce(rig, broker)), ...(await endToEnd(rig, broker))];
	},
} satisfies Part;

async function createTopic(broker: string): Promise<void> {
	const { Kafka, logLevel } = kafkajs;
	const admin = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING }).admin();
	await admin.connect();
	await admin.createTopics({ topics: [{ topic, numPartitions: 4 }] });
	await admin.disconnect();
}

function produce({ load, rounds, seconds }: Rig, broker: string): Promise<Row[]> {
	const contest: Contest = {
		what: "Kafka messages of 200 bytes produced per second, 4 partitions, acks 1",
		unit: "/s",
		ours: {
			name: "kafka-wire",
			measure: async () =>
				(await load(`kafka://${broker}/${topic}`, "--driver", "kafka-wire", "--closed"))
					.achieved_per_sec,
		},
		peers: [
			{
				name: "ProducerPerformance",
				program: existsSync(jars) ? "java" : "none",
				goal: 1.3,
				async measure() {
					const main = "org.apache.kafka.tools.ProducerPerformance";
					const count = ["--num-records", String(150_000 * seconds), "--record-size", "200"];
					const to = ["--throughput", "-1", "--topic", topic];
					const props = ["--producer-props", `bootstrap.servers=${broker}`, "acks=1"];
					const java = ["java", "-Xmx512m", "-cp", join(jars, "*"), main];
					const { output } = await run([...java, ...to, ...count, ...props]);
					const found = [...output.matchAll(/([\d.]+) records\/sec/g)].at(-1)?.[1];
					return found === undefined ? null : Number(found);
				},
			},
		],
	};
	return hold(contest, rounds);
}

/** 100,000 a second, from the intended time to the consumer, after the broker has warmed up. */
async function endToEnd({ load, quick }: Rig, broker: string): Promise<Row[]> {
	const rate = 100_000;
	const rates = ["--rate", String(rate), "--in-flight", "60000", "--warmup", quick ? "5s" : "20s"];
	const driver = ["--driver", "kafka-wire", "--consume"];
	const result = await load(`kafka://${broker}/${topic}`, ...driver, ...rates);
	const what = "Kafka end to end at 100,000/s";
	const p99Ms = (result.response_us.p99 ?? Number.NaN) / 1000;
	const row = (name: string, unit: string, ours: number, goal: number): Row => ({
		what: `${what}: ${name}`,
		unit,
		ours: "kafka-wire",
		peer: "goal",
		goal: 1,
		oursMedian: ours,
		peerMedian: goal,
		ratio: ours / goal,
	});
	return [
		row("reached", "/s", result.achieved_per_sec ?? Number.NaN, rate),
		row("p99 (at most)", " ms", p99Ms, 50),
	];
}
