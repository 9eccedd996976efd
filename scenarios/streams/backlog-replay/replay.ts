import { monotonicMs, numberVariable, pause, variable } from "faultline/subject";
import kafkajs from "kafkajs";
import { type Batch, Batches } from "./batches.ts";
import { decode } from "./message.ts";
import { Ramp } from "./ramp.ts";
import { type Answer, Replayer } from "./replayer.ts";

// The replay: reads what a topic holds now, and sends it to the sink by way of its gate, at the pace of a ramp. It ends when
// the sink has all of it; begun again, it sends what is there again, and the sink takes what it has not.
// `FLT_PATH_LOG=127.0.0.1:9092 TOPIC=backlog FLT_PATH_GATE=http://127.0.0.1:8080 BATCH=16 node replay.ts`

const batchSize = numberVariable("BATCH", 16);
const gate = variable("FLT_PATH_GATE");
const topic = variable("FLT_TOPIC_PREFIX", "") + variable("TOPIC", "backlog");
const group = `${topic}-replay-${process.pid}`;
const isGuarded = variable("GUARD", "on") === "on";

const kafka = new kafkajs.Kafka({
	clientId: "replay",
	brokers: variable("FLT_PATH_LOG").split(","),
	logLevel: kafkajs.logLevel.NOTHING,
	retry: { initialRetryTime: 50, maxRetryTime: 500, retries: Number.MAX_SAFE_INTEGER },
});
const admin = kafka.admin();
await admin.connect();
const offsets = await admin.fetchTopicOffsets(topic);
await admin.disconnect();
const partitions = new Map(
	offsets.map(({ partition, high }) => [
		partition,
		{ batches: new Batches(partition, batchSize, Number(high)), end: Number(high) },
	]),
);
let open = [...partitions.values()].filter(({ end }) => end > 0).length;

const consumer = kafka.consumer({ groupId: group, maxWaitTimeInMs: 50 });
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });

// Live writes had the sink to themselves until then.
await pause(Math.max(0, numberVariable("START_AT_MS", 0) - monotonicMs()));
const { safePerSec } = (await (await fetch(`${gate}/load`)).json()) as { safePerSec: number };
const replayer = new Replayer({
	ramp: isGuarded
		? new Ramp(
				{
					safePerSec,
					rampMs: numberVariable("RAMP_MS", 1_000),
					targetMs: numberVariable("TARGET_MS", 100),
				},
				monotonicMs(),
			)
		: null,
	inFlightMax: numberVariable("IN_FLIGHT_MAX", isGuarded ? 16 : 64),
	nowMs: monotonicMs,
	pause,
	send,
});

async function send(batch: Batch): Promise<Answer> {
	try {
		const response = await fetch(`${gate}/replay`, { method: "POST", body: JSON.stringify(batch) });
		const said = (await response.json()) as { tookMs: number };
		return response.ok ? { ok: true, sinkMs: said.tookMs } : { ok: false };
	} catch {
		return { ok: false };
	}
}

const read = Promise.withResolvers<void>();
if (open === 0) read.resolve();
await consumer.run({
	autoCommit: false,
	partitionsConsumedConcurrently: partitions.size,
	async eachBatch({ batch, heartbeat }) {
		const { batches, end } = partitions.get(batch.partition)!;
		for (const { offset, value } of batch.messages) {
			if (Number(offset) >= end || value === null) continue;
			for (const ready of batches.add({ offset: Number(offset), message: decode(`${value}`) })) {
				await replayer.send(ready);
				await heartbeat();
			}
			if (Number(offset) === end - 1 && --open === 0) read.resolve();
		}
	},
});
await read.promise;
await replayer.drained();
await consumer.disconnect();
console.log(
	JSON.stringify({ messageCount: replayer.messageCount, retryCount: replayer.retryCount }),
);
process.exit(0);
