import { numberVariable, serve, stream, variable } from "faultline/subject";
import type { DagOptions } from "./dag.ts";
import { durableDag } from "./durable-dag.ts";
import { naiveDag } from "./naive-dag.ts";

// A worker of the DAG: `POST /batches/7` runs batch 7 and answers when it is published (200) or refused (422). Everything
// it needs is in its environment; see the README for a start without the testbed.

const options: DagOptions = {
	sourceUrl: variable("FLT_PATH_SOURCE"),
	sinkUrl: variable("FLT_PATH_SINK"),
	stateUrl: variable("FLT_PATH_STATE"),
	ordersUrl: variable("FLT_PATH_ORDERS"),
	attemptsFile: variable("ATTEMPTS_FILE", "attempts.log"),
	rowMs: numberVariable("ROW_MS", 2),
	naiveRetryAfterMs: numberVariable("NAIVE_RETRY_AFTER_MS", 20),
	patienceMs: numberVariable("PATIENCE_MS", 60000),
	tryTimeoutMs: numberVariable("TRY_TIMEOUT_MS", 250),
	random: stream(numberVariable("SEED", 1), "retry-jitter"),
};
const dag = variable("GUARD", "on") === "off" ? naiveDag(options) : await durableDag(options);
await dag.ready();

await serve({
	"POST /batches/:batch": async ({ params }) => {
		const outcome = await dag.run(Number(params.batch));
		return { status: outcome.state === "published" ? 200 : 422, body: { ...outcome } };
	},
});
