import type { CheckOutcome } from "../host/protocol.ts";
import type { Reason, ReasonCode, Verdict } from "./document.ts";

/** The reasons that make a run say nothing about the system under test. */
const invalidating: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
	"generator_saturated",
	"host_paused",
	"fault_no_effect",
	"heal_failed",
	"steady_not_reached",
	"check_threw",
	"stopped",
	"crashed",
	"offered_not_reached",
	"component_lost",
]);

/** The reasons that are a failure by themselves, whatever else was seen. */
const failing: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
	"host_died",
	"hook_limit",
	"aborted",
]);

/**
 * The order of design section 3: a failed correctness check fails the run, always; then anything that makes it
 * invalid; then a failed performance check; else it passed. `found` are the reasons apart from checks.
 */
export function judgeRun(
	checks: readonly CheckOutcome[],
	found: readonly Reason[],
): { verdict: Verdict; reasons: Reason[] } {
	const failed = (kind: CheckOutcome["kind"]) =>
		checks.filter((check) => check.kind === kind && check.ok === false);
	const threw = checks
		.filter((check) => check.ok === null)
		.map((check): Reason => ({ code: "check_threw", message: describe(check) }));
	const checkReasons = [...failed("correctness"), ...failed("performance")].map(
		(check): Reason => ({ code: "check_failed", message: describe(check) }),
	);
	const reasons = [...checkReasons, ...threw, ...found];
	if (failed("correctness").length > 0 || found.some(({ code }) => failing.has(code))) {
		return { verdict: "failed", reasons };
	}
	if (reasons.some(({ code }) => invalidating.has(code))) return { verdict: "invalid", reasons };
	if (failed("performance").length > 0) return { verdict: "failed", reasons };
	return { verdict: "passed", reasons };
}

function describe(check: CheckOutcome): string {
	return `${check.id}${check.case === null ? "" : ` (${check.case})`}: ${check.message}`;
}
