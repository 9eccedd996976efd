import { atStep, type FaultSpec, fault } from "faultline";
import type { P } from "./params.ts";

/** Where the gate can be interrupted: asked and nothing done; the change applied in scratch; a verdict that nobody has heard. */
export type GateStep = "asked" | "migrated" | "judged";

type Times = { fromMs: number; toMs: number };
type On = "gate" | "db" | "postgres";

/** What breaks, one after another; with a gate each strikes in the middle of a check, without one by the clock. */
export function faultsOf({ guard, breaks, faultMs, faultGapMs }: P & { guard: "on" | "off" }) {
	const strike =
		(step: GateStep, of: (times: Times) => FaultSpec<On>) =>
		(times: Times): FaultSpec<On> =>
			guard === "on" ? atStep(of(times), { subject: "gate", step }) : of(times);
	const few = [
		strike("migrated", (times) => fault("reset", "db", {}, times)),
		strike("judged", (times) => fault("kill", "gate", {}, times)),
		strike("migrated", (times) => fault("timeout", "db", {}, times)),
	];
	const more = [
		strike("migrated", (times) => fault("kill", "gate", {}, times)),
		strike("migrated", (times) => fault("terminate-backends", "db", {}, times)),
		strike("migrated", (times) => fault("kill", "postgres", {}, times)),
		strike("asked", (times) => fault("freeze", "gate", {}, times)),
		(times: Times) => fault("down", "gate", {}, times),
		(times: Times) => fault("latency", "db", { latencyMs: 50 }, times),
	];
	return [...few, ...(breaks === "all" ? more : [])].map((planned, place) => {
		const fromMs = place * (faultMs + faultGapMs);
		return planned({ fromMs, toMs: fromMs + faultMs });
	});
}
