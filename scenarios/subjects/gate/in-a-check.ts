import { atStep, type TimedFault } from "faultline";

/** Makes faults of a run: with a gate each strikes in the middle of a check, without one by the clock. */
export function inACheck<Step extends string, On extends string>(guard: "on" | "off") {
	return (step: Step, of: TimedFault<On | "gate">): TimedFault<On | "gate"> =>
		guard === "on" ? (times) => atStep(of(times), { subject: "gate", step }) : of;
}
