import type { RunDocument } from "../record/document.ts";

/**
 * Whether a run ended as it should: a naive twin by failing all checks that its scenario names (`twin: { fails }`), whatever
 * else it fails; one that failed by something else has not shown that the guard does anything.
 */
export function isAsExpected(
	{
		verdict,
		expect,
		params,
		checks,
	}: Pick<RunDocument, "verdict" | "expect" | "params" | "checks">,
	twinFails: readonly string[],
): boolean {
	if (verdict !== expect) return false;
	if (expect !== "failed" || params.guard !== "off") return true;
	return twinFails.every((id) => checks.some((check) => check.id === id && check.ok === false));
}
