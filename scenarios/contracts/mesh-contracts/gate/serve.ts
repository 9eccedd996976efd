import { numberVariable, subjectSteps, variable } from "faultline/subject";
import { readContract } from "../../../subjects/gate/odcs.ts";
import { saidFile } from "../../../subjects/gate/said.ts";
import { gateServer, listenOn } from "../../../subjects/gate/service.ts";
import { Mains, webSource } from "./mains.ts";
import { meansOf, membersOf } from "./means.ts";
import { meshGate } from "./mesh-gate.ts";

// The gate of a mesh as a process: FLT_PORT is where `pre-receive` asks it, FLT_PATH_MAINS where mains are read, PUBLISHERS and
// CONSUMERS are the names of repositories; CONSUMERS_TESTS=off is a gate by which publishers test themselves alone, and ENGINE=dbt one
// that has dbt compile their packages.

const patienceMs = numberVariable("PATIENCE_MS", 10_000);
const { reach } = subjectSteps();
const members = membersOf();
const mains = new Mains(webSource(variable("FLT_PATH_MAINS"), patienceMs), [
	...members.publishers,
	...members.consumers,
]);
const engine = variable("ENGINE", "sql") === "dbt" ? "dbt" : "sql";
const means = { ...meansOf({ members, patienceMs, engine, reach }), mains };
const isAsked = variable("CONSUMERS_TESTS", "on") === "on";
const judge = meshGate(isAsked ? means : { ...means, asking: null });
// The standard's schema is compiled before anybody asks.
readContract("", "");
listenOn(gateServer(judge, saidFile, reach), numberVariable("FLT_PORT", 0));
