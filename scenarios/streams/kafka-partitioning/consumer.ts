import type { IncomingMessage } from "node:http";
import { json } from "node:stream/consumers";
import { subjectPace } from "faultline/subject";
import { type ConsumerOptions, GroupConsumer } from "./group-consumer.ts";

// A member of the consumer group, in a process of its own: GET / says what it has, POST /stop ends its work, and
// POST /case, with variables as they are read below, begins the next.

type Variables = Readonly<Record<string, string | undefined>>;

const pace = subjectPace();

function optionsOf(variables: Variables): ConsumerOptions {
	const {
		FLT_PATH_LOG = "127.0.0.1:9092",
		FLT_TOPIC_PREFIX = "",
		TOPIC = "messages",
		NAME = "consumer-1",
		MEMBERS = "1",
		PARTITIONS = "1",
		COST_US = "0",
		COMMIT_MS = "100",
		SESSION_TIMEOUT_MS = "1000",
		ORDERED_KEYS,
	} = variables;
	return {
		brokers: FLT_PATH_LOG.split(","),
		topic: FLT_TOPIC_PREFIX + TOPIC,
		group: `${FLT_TOPIC_PREFIX}${TOPIC}-consumers`,
		name: NAME,
		sessionTimeoutMs: Number(SESSION_TIMEOUT_MS),
		partitionsMax: Math.ceil(Number(PARTITIONS) / Number(MEMBERS)),
		costMs: Number(COST_US) / 1_000,
		commitMs: Number(COMMIT_MS),
		keys: ORDERED_KEYS === undefined ? null : Number(ORDERED_KEYS),
		extraUs: (partition) => pace.extraUs(String(partition)),
	};
}

let consumer = await GroupConsumer.join(optionsOf(process.env));

async function answer(request: IncomingMessage): Promise<void> {
	if (request.method !== "POST") return;
	await consumer.stop();
	if (request.url !== "/case") return;
	consumer = await GroupConsumer.join(optionsOf((await json(request)) as Variables));
}

// An import of it would load undici as well, which is a fifth of what a consumer takes to start.
const http = process.getBuiltinModule("node:http");
const server = http.createServer((request, response) => {
	answer(request).then(
		() => response.end(JSON.stringify(consumer.view)),
		(error: unknown) => response.writeHead(500).end(String(error)),
	);
});
process.once("SIGTERM", () => void consumer.stop().finally(() => process.exit()));

server.listen(Number(process.env.FLT_PORT ?? 0), "127.0.0.1", () => {
	const address = server.address();
	const port = typeof address === "object" && address !== null ? address.port : 0;
	console.log(`FLT_READY ${JSON.stringify({ port })}`);
});
