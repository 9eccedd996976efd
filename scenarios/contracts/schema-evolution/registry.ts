import { serve, variable } from "faultline/subject";
import { refusal } from "./refusal.ts";
import { registryFile } from "./registered.ts";
import { Registry } from "./registry-routes.ts";

// The registry as a process. The naive one takes whatever comes: the last schema wins.

const isNaive = variable("GUARD", "on") === "off";
const registry = new Registry(registryFile, isNaive ? () => null : refusal);
await serve(registry.routes);
