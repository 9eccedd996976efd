import type { Facts } from "../contract/facts.ts";
import type { Judgement } from "../contract/judgement.ts";

/** Steady state is back within the limit that the run waits for it. */
export const recovery: Judgement<
	Pick<Facts, "recovery"> & { params: { readonly recoverLimitMs: number } }
> = {
	checks: {
		"recovers-in-time": {
			kind: "performance",
			judge({ recovery, params: { recoverLimitMs } }) {
				const inTime = recovery !== null && !recovery.censored;
				return {
					ok: inTime,
					expected: { withinMs: recoverLimitMs },
					actual: recovery === null ? null : { ...recovery },
					message: inTime
						? `steady state was back ${recovery.afterHealMs.toFixed(0)} ms after the fault's end`
						: `steady state did not come back within ${recoverLimitMs} ms of the fault's end`,
				};
			},
		},
	},
};
