import type { AbsenceRule } from "../../../scenarios/contract/alert-rule.ts";
import type { CaseTimes, Condition } from "../condition.ts";
import { valueIn, watches } from "../rules.ts";

/**
 * Matches an interval without a value. What sends nothing at all is noticed by what others send: an interval counts as
 * missed once another source is two intervals further.
 */
export function absence({ of }: AbsenceRule, { intervalMs }: CaseTimes): Condition {
	let heardMs: number | null = null;
	return {
		match(view) {
			heardMs ??= view.fromMs;
			if (watches(of, view)) {
				heardMs = Math.max(heardMs, view.toMs);
				return valueIn(of, view) === null;
			}
			if (view.toMs < heardMs + 2 * intervalMs) return null;
			heardMs += intervalMs;
			return true;
		},
		shortestMs: intervalMs,
	};
}
