import { atStep, fault, faultsInARow, type TimedFault } from "faultline";
import type { EtlStep } from "./etl/take-batch.ts";
import type { P } from "./params.ts";

/** Where the validator can be interrupted: asked and nothing done; a verdict, and no page; both, and nobody has heard it. */
export type ValidatorStep = "asked" | "validated" | "written";

type On = "validator" | "loader" | "store" | "target" | "source" | "postgres";

/** What breaks, one after another, each in the middle of a batch. */
export function faultsOf(p: P) {
	const ofValidator =
		(step: ValidatorStep, of: TimedFault<On>): TimedFault<On> =>
		(times) =>
			atStep(of(times), { subject: "validator", step });
	const ofLoader =
		(step: EtlStep, of: TimedFault<On>): TimedFault<On> =>
		(times) =>
			atStep(of(times), { subject: "loader", step });
	const few: TimedFault<On>[] = [
		ofLoader("decided", (times) => fault("kill", "loader", {}, times)),
		ofValidator("asked", (times) => fault("down", "store", {}, times)),
		ofLoader("committed", (times) => fault("kill", "loader", {}, times)),
		ofLoader("decided", (times) => fault("reset", "target", {}, times)),
		ofValidator("validated", (times) => fault("kill", "validator", {}, times)),
	];
	const more: TimedFault<On>[] = [
		ofLoader("staged", (times) => fault("kill", "loader", {}, times)),
		ofValidator("asked", (times) => fault("timeout", "store", {}, times)),
		ofLoader("validated", (times) => fault("freeze", "loader", {}, times)),
		ofValidator("asked", (times) => fault("terminate-backends", "store", {}, times)),
		ofLoader("decided", (times) => fault("timeout", "target", {}, times)),
		ofLoader("staged", (times) => fault("down", "validator", {}, times)),
		ofValidator("written", (times) => fault("freeze", "validator", {}, times)),
		ofLoader("decided", (times) => fault("kill", "postgres", {}, times)),
		(times) => fault("latency", "store", { latencyMs: 5 }, times),
		ofValidator("written", (times) => fault("kill", "validator", {}, times)),
	];
	return faultsInARow([...few, ...(p.breaks === "all" ? more : [])], p);
}
