import { connectPostgres, numberVariable, subjectSteps, variable } from "faultline/subject";
import { scratchUrl } from "../scratch-role.ts";
import { Gate } from "./check.ts";
import { saidFile } from "./files.ts";
import { readContract } from "./odcs.ts";
import { Scratch } from "./scratch.ts";
import { gateServer } from "./service.ts";

// The gate as a process: SCRATCH_URL is its database, FLT_PORT where `pre-receive` asks it. Of a run it has the run's
// database, by a role of its own.

const patienceMs = numberVariable("PATIENCE_MS", 10_000);
const url =
	process.env.SCRATCH_URL ?? scratchUrl(variable("FLT_PATH_DB"), variable("FLT_DATABASE"));
const connect = () =>
	connectPostgres(url, {
		application_name: "contract-gate",
		connectionTimeoutMillis: patienceMs,
		query_timeout: patienceMs,
		// What a gate that is cut off or killed leaves open is taken back by the server.
		idle_in_transaction_session_timeout: 2 * patienceMs,
	});
const { reach } = subjectSteps();
const scratch = new Scratch(connect, Math.ceil(patienceMs / 2), reach);
// The standard's schema is compiled before anybody asks.
readContract("", "");
const server = gateServer(new Gate(scratch), saidFile, reach);
server.listen(numberVariable("FLT_PORT", 0), "127.0.0.1", () => {
	const address = server.address();
	const port = typeof address === "object" && address !== null ? address.port : 0;
	console.log(`FLT_READY ${JSON.stringify({ port })}`);
});
