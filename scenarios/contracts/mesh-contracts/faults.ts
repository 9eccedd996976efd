import { fault, faultsInARow, type TimedFault } from "faultline";
import { inACheck } from "../../subjects/gate/in-a-check.ts";
import type { P } from "./params.ts";

/**
 * Where the gate can be interrupted: asked and nothing done; a publisher's package built in its scratch database; consumers' tests
 * about to be asked; a verdict that nobody has heard.
 */
export type GateStep = "asked" | "sales-built" | "crm-built" | "asking" | "judged";

type On = "gate" | "web" | "mains" | "sales_db" | "crm_db" | "consumers_db" | "postgres";

/** What breaks, one after another; with a gate each strikes in the middle of a check, without one by the clock. */
export function faultsOf(p: P & { guard: "on" | "off" }) {
	const strike = inACheck<GateStep, On>(p.guard);
	const few: TimedFault<On>[] = [
		// A publisher's database is away, the repositories can't be read, the hook loses its gate, the gate is killed.
		strike("sales-built", (times) => fault("reset", "sales_db", {}, times)),
		strike("asked", (times) => fault("down", "mains", {}, times)),
		strike("asking", (times) => fault("reset", "gate", {}, times)),
		strike("judged", (times) => fault("kill", "gate", {}, times)),
	];
	const more: TimedFault<On>[] = [
		strike("crm-built", (times) => fault("timeout", "crm_db", {}, times)),
		strike("asking", (times) => fault("timeout", "consumers_db", {}, times)),
		strike("asked", (times) => fault("timeout", "mains", {}, times)),
		strike("asking", (times) => fault("kill", "gate", {}, times)),
		strike("sales-built", (times) => fault("terminate-backends", "sales_db", {}, times)),
		strike("asking", (times) => fault("kill", "postgres", {}, times)),
		strike("asked", (times) => fault("kill", "web", {}, times)),
		strike("asked", (times) => fault("freeze", "gate", {}, times)),
		(times) => fault("down", "gate", {}, times),
		(times) => fault("latency", "consumers_db", { latencyMs: 50 }, times),
	];
	return faultsInARow([...few, ...(p.breaks === "all" ? more : [])], p);
}
