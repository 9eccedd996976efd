import http from "node:http";
import { stream } from "../../../../base/random.ts";
import type { DagOptions } from "./dag.ts";
import { durableDag } from "./durable-dag.ts";
import { naiveDag } from "./naive-dag.ts";

// A worker of the DAG: `POST /batches/7` runs batch 7 and answers when it is published (200) or refused (422). Everything
// it needs is in its environment; see the README for a start without the testbed.

const env = (name: string, fallback?: string): string => {
	const value = process.env[name] ?? fallback;
	if (value === undefined) throw new Error(`set ${name}`);
	return value;
};

const options: DagOptions = {
	sourceUrl: env("FLT_PATH_SOURCE"),
	sinkUrl: env("FLT_PATH_SINK"),
	stateUrl: env("FLT_PATH_STATE"),
	ordersUrl: env("FLT_PATH_ORDERS"),
	attemptsFile: env("ATTEMPTS_FILE", "attempts.log"),
	rowMs: Number(env("ROW_MS", "2")),
	naiveRetryAfterMs: Number(env("NAIVE_RETRY_AFTER_MS", "20")),
	patienceMs: Number(env("PATIENCE_MS", "60000")),
	tryTimeoutMs: Number(env("TRY_TIMEOUT_MS", "250")),
	random: stream(Number(env("SEED", "1")), "retry-jitter"),
};
const dag = env("GUARD", "on") === "off" ? naiveDag(options) : await durableDag(options);
await dag.ready();

const server = http.createServer((request, response) => {
	response.on("error", () => {}); // whoever asked may be gone
	const answer = (status: number, body: unknown) =>
		response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
	const batch = /^\/batches\/(\d+)$/.exec(request.url ?? "")?.[1];
	if (request.method !== "POST" || batch === undefined) return void answer(404, {});
	request.resume();
	dag.run(Number(batch)).then(
		(outcome) => answer(outcome.state === "published" ? 200 : 422, outcome),
		(error: unknown) => answer(500, { why: String(error) }),
	);
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env.FLT_PORT ?? 0), "127.0.0.1", 4_096, () => {
	const address = server.address();
	const port = typeof address === "object" && address !== null ? address.port : 0;
	console.log(`FLT_READY ${JSON.stringify({ port })}`);
});
