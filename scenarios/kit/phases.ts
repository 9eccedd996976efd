import type { Phases } from "../contract/plan.ts";
import { ms } from "./params.ts";

/** What `phaseParams` gives, as a plan's parameters have it. */
interface PhaseParams {
	readonly warmMs: number;
	readonly steadyMs: number;
	readonly recoverLimitMs: number;
	readonly intervalMs: number;
}

/** The lengths of a run's phases as parameters of an experiment, with these defaults. */
export function phaseParams({ warmMs, steadyMs, recoverLimitMs, intervalMs }: PhaseParams) {
	return {
		warmMs: ms(warmMs, 0, 60_000, "load before anything is judged"),
		steadyMs: ms(steadyMs, 150, 600_000, "undisturbed load"),
		recoverLimitMs: ms(
			recoverLimitMs,
			150,
			120_000,
			"longest wait for steady state after the fault",
		),
		intervalMs: ms(intervalMs, 50, 1_000, "length of an interval"),
	};
}

/** The phases of a plan whose parameters are those of `phaseParams`. */
export function phasesOf({ warmMs, steadyMs, recoverLimitMs, intervalMs }: PhaseParams): Phases {
	return { warmMs, steadyMs, recoverLimitMs, intervalMs };
}
