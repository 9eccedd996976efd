import { numberVariable, subjectSteps, variable } from "faultline/subject";
import { ContractContent } from "../../../subjects/gate/contract-content.ts";
import { Gate } from "../../../subjects/gate/gate.ts";
import { readContract } from "../../../subjects/gate/odcs.ts";
import { saidFile } from "../../../subjects/gate/said.ts";
import { Scratch } from "../../../subjects/gate/scratch.ts";
import { scratchConnect, scratchUrl } from "../../../subjects/gate/scratch-database.ts";
import { gateServer, listenOn } from "../../../subjects/gate/service.ts";

// The gate as a process: SCRATCH_URL is its database, FLT_PORT where `pre-receive` asks it. Of a run it has the run's
// database, by a role of its own.

const patienceMs = numberVariable("PATIENCE_MS", 10_000);
const url =
	process.env.SCRATCH_URL ?? scratchUrl(variable("FLT_PATH_DB"), variable("FLT_DATABASE"));
const { reach } = subjectSteps();
const scratch = new Scratch(scratchConnect(url, patienceMs), Math.ceil(patienceMs / 2), reach);
// The standard's schema is compiled before anybody asks.
readContract("", "");
const server = gateServer(new Gate(new ContractContent(scratch)), saidFile, reach);
listenOn(server, numberVariable("FLT_PORT", 0));
