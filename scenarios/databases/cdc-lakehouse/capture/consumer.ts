import { serve, variable } from "faultline/subject";
import { startCapture } from "./capture.ts";
import { startNaive } from "./naive.ts";
import { optionsOf } from "./options.ts";

// Captures the tables of a publication into Delta tables in the folder that it is started in; GET / says how far it is.
//
//   FLT_PATH_REPLICATION=postgres://… SLOT=lake PUBLICATION=lake node consumer.ts

const start = variable("GUARD", "on") === "on" ? startCapture : startNaive;
const capture = start(optionsOf());

await serve({
	"GET /": () => ({ folder: process.cwd(), lsn: capture.lsn }),
	"POST /vacuum": async () => ({ deletedCount: await capture.vacuum(0) }),
});
