/** What a scenario file imports, as `from "faultline"`. */
export { Type } from "typebox";
export type { Json, JsonObject } from "../base/json.ts";
export { stream } from "../base/random.ts";
export { type FaultSpec, fault } from "../chaos/fault.ts";
export { flapping } from "../chaos/flapping.ts";
export type { Grammar } from "../chaos/grammar.ts";
export { randomFaults } from "../chaos/random-faults.ts";
export { OperationError } from "../load/outcome.ts";
export type { LoadSpec, Operation } from "../load/work.ts";
export type { AlertRule } from "./alert-rule.ts";
export { type Digest, differingParts, digest } from "./digest.ts";
export { type ExactlyOnce, exactlyOnce } from "./exactly-once.ts";
export { type Facts, type Judged, loadFacts } from "./facts.ts";
export { found } from "./found.ts";
export { load, type Plan } from "./plan.ts";
export { type HookContext, scenario } from "./scenario.ts";
