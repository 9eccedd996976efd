import { atStep, type FaultSpec, fault } from "faultline";
import type { EtlStep } from "./etl/take-batch.ts";
import type { P } from "./params.ts";

/** Where the validator can be interrupted: asked and nothing done; a verdict, and no page; both, and nobody has heard it. */
export type ValidatorStep = "asked" | "validated" | "written";

type Times = { fromMs: number; toMs: number };
type On = "validator" | "loader" | "store" | "target" | "source" | "postgres";

/** What breaks, one after another, each in the middle of a batch. */
export function faultsOf({ breaks, faultMs, faultGapMs }: P) {
	const ofValidator =
		(step: ValidatorStep, of: (times: Times) => FaultSpec<On>) => (times: Times) =>
			atStep(of(times), { subject: "validator", step });
	const ofLoader = (step: EtlStep, of: (times: Times) => FaultSpec<On>) => (times: Times) =>
		atStep(of(times), { subject: "loader", step });
	const few = [
		ofLoader("decided", (times) => fault("kill", "loader", {}, times)),
		ofValidator("asked", (times) => fault("down", "store", {}, times)),
		ofLoader("committed", (times) => fault("kill", "loader", {}, times)),
		ofLoader("decided", (times) => fault("reset", "target", {}, times)),
		ofValidator("validated", (times) => fault("kill", "validator", {}, times)),
	];
	const more = [
		ofLoader("staged", (times) => fault("kill", "loader", {}, times)),
		ofValidator("asked", (times) => fault("timeout", "store", {}, times)),
		ofLoader("validated", (times) => fault("freeze", "loader", {}, times)),
		ofValidator("asked", (times) => fault("terminate-backends", "store", {}, times)),
		ofLoader("decided", (times) => fault("timeout", "target", {}, times)),
		ofLoader("staged", (times) => fault("down", "validator", {}, times)),
		ofValidator("written", (times) => fault("freeze", "validator", {}, times)),
		ofLoader("decided", (times) => fault("kill", "postgres", {}, times)),
		(times: Times) => fault("latency", "store", { latencyMs: 5 }, times),
		ofValidator("written", (times) => fault("kill", "validator", {}, times)),
	];
	return [...few, ...(breaks === "all" ? more : [])].map((planned, place) => {
		const fromMs = place * (faultMs + faultGapMs);
		return planned({ fromMs, toMs: fromMs + faultMs });
	});
}
