import { faultName } from "../../chaos/fault.ts";
import type { FaultRecord } from "../../chaos/injection.ts";
import type { Tolerance } from "../../scenarios/contract/tolerance.ts";
import type { Doubt } from "../host/corners.ts";
import type { CaseResult } from "../record/case-result.ts";
import type { Reason, ReasonCode } from "../record/document.ts";

/** What a reason does to a verdict. */
export type Weight =
	/** The run failed, whatever else was seen. */
	| "fails"
	/** What was measured is not the target's, so that nothing timed can fail: the run is invalid. */
	| "invalidates"
	/** The target was too slow: the run failed, where nothing makes it invalid. */
	| "fails_if_valid"
	/** A question is open: the run is invalid, where nothing that was told failed it. */
	| "leaves_open"
	/** A check that failed: it fails, or, where timing shapes what it judges, it fails where the run is valid. */
	| "as_its_check";

export const weights = {
	check_failed: "as_its_check",
	host_died: "fails",
	hook_limit: "fails",
	aborted: "fails",
	subject_ended: "fails",
	not_recovered: "fails_if_valid",
	generator_late: "leaves_open",
	host_busy: "leaves_open",
	// Of records that are older than `generator_late`: whatever was late made the whole run invalid.
	generator_saturated: "invalidates",
	host_paused: "invalidates",
	host_late: "invalidates",
	fault_no_effect: "invalidates",
	heal_failed: "invalidates",
	steady_not_reached: "invalidates",
	check_threw: "invalidates",
	stopped: "invalidates",
	crashed: "invalidates",
	offered_not_reached: "invalidates",
	nothing_ok: "invalidates",
	component_lost: "invalidates",
	cannot_tell: "leaves_open",
} satisfies Record<ReasonCode, Weight>;

/** Whether one of them has this weight. */
export function some(reasons: readonly Reason[], weight: Weight): boolean {
	return reasons.some(({ code }) => weights[code] === weight);
}

/** All that speaks against a case apart from its checks; what its scenario tolerates is left out. */
export function reasonsOf(
	{ noticed, faults, facts, doubt }: Pick<CaseResult, "noticed" | "faults" | "facts" | "doubt">,
	tolerates: readonly Tolerance[],
): Reason[] {
	const all = [
		...noticed.map((reason) => inDoubt(reason, doubt)),
		...faults.flatMap(ofFault),
		...ofRecovery(facts?.recovery ?? null, doubt),
	];
	return all.filter(({ code }) => !tolerates.some((tolerance) => tolerance === code));
}

function ofFault(fault: FaultRecord): Reason[] {
	const { state, seen } = fault;
	const message = `${faultName(fault)}: ${seen.join("; ") || "nothing was seen"}`;
	if (state === "no_effect") return [{ code: "fault_no_effect", message }];
	return state === "heal_failed" ? [{ code: "heal_failed", message }] : [];
}

/** A target that others kept from the processor may have been steady on a machine of its own. */
function inDoubt(reason: Reason, doubt: Doubt | null): Reason {
	if (reason.code !== "steady_not_reached" || !doubt?.starved) return reason;
	return { ...reason, message: `${reason.message}; ${doubt.starved}` };
}

/** A run with faults and thresholds is to come back, whether or not a check of its own asks for it. */
function ofRecovery(
	recovery: { afterHealMs: number; censored: boolean } | null,
	doubt: Doubt | null,
): Reason[] {
	if (recovery === null || !recovery.censored) return [];
	const waited = Math.round(recovery.afterHealMs);
	const message = `steady state did not come back in the ${waited} ms after the last fault's end that it was waited for`;
	const early = doubt?.recovery.early ?? null;
	if (early === null || early.censored)
		return doubt?.starved
			? [{ code: "host_busy", message: `${message}; ${doubt.starved}` }]
			: [{ code: "not_recovered", message }];
	return [
		{ code: "generator_late", message: `${message}; with a generator in time it might have` },
	];
}
