import type { RunDocument } from "./document.ts";

/** A run as lists need it. */
export type RunBrief = Pick<
	RunDocument,
	| "runId"
	| "scenario"
	| "seed"
	| "size"
	| "state"
	| "verdict"
	| "asExpected"
	| "queuedAt"
	| "startedAt"
	| "endedAt"
> & { guard: "on" | "off" };

export function briefOf(run: RunDocument): RunBrief {
	const { runId, scenario, params, seed, size, state, verdict, asExpected } = run;
	const { queuedAt, startedAt, endedAt } = run;
	return {
		runId,
		scenario,
		guard: params.guard,
		seed,
		size,
		state,
		verdict,
		asExpected,
		queuedAt,
		startedAt,
		endedAt,
	};
}
