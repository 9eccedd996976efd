import { fault, faultsInARow, type TimedFault } from "faultline";
import { inACheck } from "../../subjects/gate/in-a-check.ts";
import type { P } from "./params.ts";

/** Where the gate can be interrupted: asked and nothing done; the change applied in scratch; a verdict that nobody has heard. */
export type GateStep = "asked" | "migrated" | "judged";

type On = "gate" | "db" | "postgres";

/** What breaks, one after another; with a gate each strikes in the middle of a check, without one by the clock. */
export function faultsOf(p: P & { guard: "on" | "off" }) {
	const strike = inACheck<GateStep, On>(p.guard);
	const few: TimedFault<On>[] = [
		strike("migrated", (times) => fault("reset", "db", {}, times)),
		strike("judged", (times) => fault("kill", "gate", {}, times)),
		strike("migrated", (times) => fault("timeout", "db", {}, times)),
	];
	const more: TimedFault<On>[] = [
		strike("migrated", (times) => fault("kill", "gate", {}, times)),
		strike("migrated", (times) => fault("terminate-backends", "db", {}, times)),
		strike("migrated", (times) => fault("kill", "postgres", {}, times)),
		strike("asked", (times) => fault("freeze", "gate", {}, times)),
		(times) => fault("down", "gate", {}, times),
		(times) => fault("latency", "db", { latencyMs: 50 }, times),
	];
	return faultsInARow([...few, ...(p.breaks === "all" ? more : [])], p);
}
