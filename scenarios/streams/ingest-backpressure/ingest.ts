import { numberVariable, variable } from "faultline/subject";
import { listen, openIngest } from "./ingest-process.ts";
import { guardedPolicy, naivePolicy } from "./policies.ts";

// The ingest service as a process. `GUARD=on FLT_PATH_LOG=127.0.0.1:9092 FLT_PATH_STORE=http://127.0.0.1:8081
// FLT_PORT=8080 node ingest.ts` starts it without the testbed.

const isGuarded = variable("GUARD", "on") === "on";
const serviceMs = numberVariable("SERVICE_MS", 40);

await listen(await openIngest(isGuarded ? guardedPolicy({ serviceMs }) : naivePolicy));
