import type { CheckEnd, CheckOutcome } from "../host/protocol.ts";
import type { Reason, ReasonCode, Verdict } from "../record/document.ts";
import { some } from "./reasons.ts";

/**
 * The verdict of a run and what it is for, in this order: what failed of the things that are required of every schedule fails the run, always;
 * then anything that makes it invalid; then what failed of the things that timing shapes; then a question that is left
 * open makes it invalid; else it passed. `found` are the reasons apart from checks.
 */
export function judgeRun(
	checks: readonly CheckOutcome[],
	found: readonly Reason[],
): { verdict: Verdict; reasons: Reason[] } {
	const ended = (outcome: CheckEnd) => checks.filter((check) => check.outcome === outcome);
	const failed = (shapedBy: CheckOutcome["shapedBy"]) =>
		ended("failed").filter((check) => check.shapedBy === shapedBy);
	const wrong = failed(null);
	const slow = failed("timing");
	const reasons: Reason[] = [
		...[...wrong, ...slow].map((check) => reasonOf("check_failed", check)),
		...ended("threw").map((check) => reasonOf("check_threw", check)),
		...found,
		...ended("cannot_tell").map((check) => reasonOf(openCodes[check.openBy ?? "data"], check)),
	];
	return { verdict: verdictOf(wrong.length > 0, slow.length > 0, reasons), reasons };
}

const openCodes = {
	data: "cannot_tell",
	lateness: "generator_late",
	others: "host_busy",
} as const satisfies Record<NonNullable<CheckOutcome["openBy"]>, ReasonCode>;

function verdictOf(isWrong: boolean, isSlow: boolean, reasons: readonly Reason[]): Verdict {
	if (isWrong || some(reasons, "fails")) return "failed";
	if (some(reasons, "invalidates")) return "invalid";
	if (isSlow || some(reasons, "fails_if_valid")) return "failed";
	return some(reasons, "leaves_open") ? "invalid" : "passed";
}

function reasonOf(code: Reason["code"], check: CheckOutcome): Reason {
	const name = `${check.id}${check.case === null ? "" : ` (${check.case})`}`;
	return { code, message: `${name}: ${check.message}` };
}
