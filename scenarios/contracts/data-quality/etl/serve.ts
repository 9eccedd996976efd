import { variable } from "faultline/subject";
import { takeBatchNaively } from "./naive.ts";
import { serveLoader } from "./service.ts";
import { takeBatch } from "./take-batch.ts";

// The loader as a process: `SOURCE_URL=… TARGET_URL=… VALIDATOR_URL=http://… FLT_PORT=8092 node etl/serve.ts`, and then
// `POST /batches/7` takes the seventh batch. GUARD=off is the twin.

await serveLoader(variable("GUARD", "on") === "off" ? takeBatchNaively : takeBatch);
