import type { ThresholdRule } from "../../../scenarios/contract/alert-rule.ts";
import type { CaseTimes, Condition } from "../condition.ts";
import { holds, watches } from "../rules.ts";

/** Matches while the value is beyond the limit; what does not exist matches nothing. */
export function threshold({ when }: ThresholdRule, { intervalMs }: CaseTimes): Condition {
	return {
		match: (view) => (watches(when, view) ? holds(when, view) : null),
		shortestMs: intervalMs,
	};
}
